using System.Collections.Concurrent;
using CalGateway.Caching.Filling;
using CalGateway.Journey;

namespace CalGateway.Caching;

/// <summary>What became of the requests under one policy since the start, for <see cref="CacheReport"/>.</summary>
internal sealed class Tally(TimeProvider clock)
{
    private long _requests;
    private long _answeredFromStore;
    private RefreshError? _lastError;

    public long Requests => Interlocked.Read(ref _requests);

    public long AnsweredFromStore => Interlocked.Read(ref _answeredFromStore);

    public RefreshError? LastError => Volatile.Read(ref _lastError);

    public void Count(CacheResult result)
    {
        Interlocked.Increment(ref _requests);
        if (result is CacheResult.Hit or CacheResult.Stale)
            Interlocked.Increment(ref _answeredFromStore);
    }

    /// <param name="upstream">How the upstream that was asked is called.</param>
    /// <param name="result">What came of it.</param>
    public void Refreshed(string upstream, FillResult result)
    {
        if (result is FillResult.Failed { Kind: FailureKind.Outage } failed)
            Volatile.Write(ref _lastError, new RefreshError(clock.GetUtcNow(), failed.Exchange.UpstreamStatus, failed.Exchange.Problem?.Code, upstream));
    }
}

/// <summary>The tallies by policy.</summary>
internal sealed class Tallies(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.OrdinalIgnoreCase);

    public Tally Of(string policy) => _tallies.GetOrAdd(policy, static (_, clock) => new Tally(clock), clock);
}
