using System.Collections.Concurrent;
using CalGateway.Caching.Filling.Answers;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Evicting;

namespace CalGateway.Caching.Filling;

/// <summary>A failed fill, whose result the requests that follow get for a while.</summary>
/// <param name="Attempt">How many fills in a row have failed.</param>
internal sealed record RememberedFailure(FillResult.Failed Result, string Key, CachePlan Plan, string? Owner, int Attempt)
{
    /// <summary>
    /// After a first failure the next request tries again at once; two failures in a row count as an outage. A body that was too large may fit after an edit
    /// of the settings.
    /// </summary>
    /// <param name="largestBody">The largest body that may be stored now, in bytes.</param>
    public bool AllowsAnotherAttempt(int largestBody) => Result switch
    {
        { Kind: AnswerClass.Outage, Exchange.RetryAfter: null } => Attempt == 1,
        { Kind: AnswerClass.TooLarge } => Plan.Limits.LargestBody < largestBody,
        _ => false,
    };

    public bool IsIn(EvictionScope scope) => scope.Covers(Plan.Policy, Plan.Tags, Owner);
}

/// <summary>Failed fills by key. A caller can make up any number of keys that fail, so failures beyond a limit of memory are not remembered.</summary>
internal sealed class FailureMemory(TimeProvider clock)
{
    /// <summary>The memory of a remembered failure without its body, in bytes.</summary>
    private const int Overhead = 2048;

    /// <summary>Failures may take a sixteenth of the memory for the cache, but at least <see cref="MinBytes"/>.</summary>
    private const int MemoryDivisor = 16;

    private const long MinBytes = 1 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(1);

    /// <summary>Long, because Cal.com has to send a whole list to show that it is too large, and the size of a list changes slowly.</summary>
    private static readonly TimeSpan TimeOfTooLarge = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _bytes;

    public RememberedFailure? Find(string key) =>
        _entries.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.Since) < entry.Time ? entry.Failure : null;

    /// <summary>Remembers a failure in place of an earlier one with the same key.</summary>
    public void Remember(RememberedFailure failure)
    {
        Forget(failure.Key);
        var limits = failure.Plan.Limits;
        var entry = new Entry(failure, clock.GetTimestamp(), TimeOf(failure.Result, limits), Overhead + failure.Result.Exchange.Body.Length);
        if (entry.Time == TimeSpan.Zero || Interlocked.Read(ref _bytes) + entry.Bytes > Math.Max(MinBytes, limits.MaxBytes / MemoryDivisor))
            return;

        Interlocked.Add(ref _bytes, entry.Bytes);
        _entries[failure.Key] = entry;
        _ = ForgetLaterAsync(entry);
    }

    public void Forget(string key)
    {
        if (_entries.TryGetValue(key, out var entry))
            Forget(entry);
    }

    public void Forget(EvictionScope scope)
    {
        foreach (var (_, entry) in _entries)
        {
            if (entry.Failure.IsIn(scope))
                Forget(entry);
        }
    }

    private async Task ForgetLaterAsync(Entry entry)
    {
        await Task.Delay(entry.Time, clock);
        Forget(entry);
    }

    private void Forget(Entry entry)
    {
        if (_entries.TryRemove(KeyValuePair.Create(entry.Failure.Key, entry)))
            Interlocked.Add(ref _bytes, -entry.Bytes);
    }

    private static TimeSpan TimeOf(FillResult.Failed failure, CacheOptions limits)
    {
        if (failure.Kind == AnswerClass.TooLarge)
            return TimeOfTooLarge;

        var asked = failure.Exchange.RetryAfter ?? TimeSpan.Zero;
        return asked > MaxTime ? MaxTime : asked > limits.FailureMemory ? asked : limits.FailureMemory;
    }

    private sealed record Entry(RememberedFailure Failure, long Since, TimeSpan Time, long Bytes);
}
