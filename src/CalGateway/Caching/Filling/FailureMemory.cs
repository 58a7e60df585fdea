using CalGateway.Caching.Plans;

namespace CalGateway.Caching.Filling;

/// <summary>
/// For how long a failure is given to those who ask next. All failures together are bounded: so many keys that fail are an
/// attack, and get no memory of ours.
/// </summary>
internal sealed class FailureMemory(TimeProvider clock)
{
    /// <summary>What a remembered failure takes beside its body.</summary>
    private const int Overhead = 2048;

    /// <summary>The part of the cache's own bound; but a cache of a few answers has as many failures to remember as any.</summary>
    private const int Share = 16;

    private const long Least = 1 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    /// <summary>It costs Cal.com as much as is stored at most to find out that a list is too large, and its size does not change in a minute.</summary>
    private static readonly TimeSpan LongestOfSize = TimeSpan.FromMinutes(10);

    private long _bytes;

    /// <summary>Ends when the result is to be forgotten.</summary>
    public Task KeepAsync(FlightResult result, CacheOptions limits)
    {
        if (TimeOf(result, limits) is not { } time)
            return Task.CompletedTask;

        var bytes = Overhead + (result.Exchange?.Body.Length ?? 0);
        if (Interlocked.Add(ref _bytes, bytes) <= Math.Max(Least, limits.MaxBytes / Share))
            return KeepAsync(time, bytes);

        Interlocked.Add(ref _bytes, -bytes);
        return Task.CompletedTask;
    }

    private async Task KeepAsync(TimeSpan time, long bytes)
    {
        await Task.Delay(time, clock);
        Interlocked.Add(ref _bytes, -bytes);
    }

    /// <summary>Null for what is no failure.</summary>
    private static TimeSpan? TimeOf(FlightResult result, CacheOptions limits)
    {
        if (!result.IsFailure)
            return null;
        if (result.Verdict == Verdict.TooLarge)
            return LongestOfSize;

        var asked = result.RetryAfter ?? TimeSpan.Zero;
        return asked > Longest ? Longest : asked > limits.FailureMemory ? asked : limits.FailureMemory;
    }
}
