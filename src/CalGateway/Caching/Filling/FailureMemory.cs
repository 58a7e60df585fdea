using System.Collections.Concurrent;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Evicting;

namespace CalGateway.Caching.Filling;

/// <summary>A fill that failed, kept for the requests that follow it.</summary>
/// <param name="Result">What they are given.</param>
/// <param name="Key">Of the answer that could not be had.</param>
/// <param name="Plan">The cache of its route.</param>
/// <param name="Owner">As for the fill.</param>
/// <param name="Attempt">How many fills in a row have failed.</param>
internal sealed record RememberedFailure(FillResult.Failed Result, string Key, CachePlan Plan, string? Owner, int Attempt)
{
    /// <summary>
    /// One failure may be an accident, so the next request tries again at once; two in a row are an outage. A body that was too large may fit
    /// after an edit of the settings.
    /// </summary>
    /// <param name="largestBody">What may be stored by now, in bytes.</param>
    public bool AllowsAnotherAttempt(int largestBody) => Result switch
    {
        { Kind: FailureKind.Outage, Exchange.RetryAfter: null } => Attempt == 1,
        { Kind: FailureKind.TooLarge } => Plan.Limits.LargestBody < largestBody,
        _ => false,
    };

    public bool IsIn(EvictionScope scope) => scope.Covers(Plan.Policy, Plan.Tags, Owner);
}

/// <summary>
/// The failures of a moment ago, by key. Together they are bounded, because a caller can make up any number of keys that fail: those beyond the
/// bound are not remembered.
/// </summary>
internal sealed class FailureMemory(TimeProvider clock)
{
    /// <summary>What a remembered failure takes beside its body, in bytes.</summary>
    private const int Overhead = 2048;

    /// <summary>Failures may take this part of the cache's bound, and <see cref="Least"/> where the cache is small.</summary>
    private const int Share = 16;

    private const long Least = 1 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>It costs Cal.com a whole list to find out that it is too large, and its size does not change within a minute.</summary>
    private static readonly TimeSpan LongestOfTooLarge = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _bytes;

    public RememberedFailure? Find(string key) =>
        _entries.TryGetValue(key, out var entry) && clock.GetElapsedTime(entry.Since) < entry.Time ? entry.Failure : null;

    /// <summary>Replaces what was remembered for the key.</summary>
    public void Remember(RememberedFailure failure)
    {
        Forget(failure.Key);
        var limits = failure.Plan.Limits;
        var entry = new Entry(failure, clock.GetTimestamp(), TimeOf(failure.Result, limits), Overhead + failure.Result.Exchange.Body.Length);
        if (entry.Time == TimeSpan.Zero || Interlocked.Read(ref _bytes) + entry.Bytes > Math.Max(Least, limits.MaxBytes / Share))
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
        if (failure.Kind == FailureKind.TooLarge)
            return LongestOfTooLarge;

        var asked = failure.Exchange.RetryAfter ?? TimeSpan.Zero;
        return asked > Longest ? Longest : asked > limits.FailureMemory ? asked : limits.FailureMemory;
    }

    private sealed record Entry(RememberedFailure Failure, long Since, TimeSpan Time, long Bytes);
}
