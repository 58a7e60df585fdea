using CalGateway.Journey;

namespace CalGateway.Telemetry.Recent;

/// <summary>The requests of one route, each counted once: metrics, the status page and the cache's report all read this.</summary>
internal sealed class RouteActivity
{
    private readonly RecentCounters _counters = new(RouteBucket.Counters);
    private string? _olderShapeVersion;

    /// <summary>The version at which an answer last came in an older shape; null for none.</summary>
    public string? OlderShapeVersion => Volatile.Read(ref _olderShapeVersion);

    public void Count(GatewayCall call)
    {
        _counters.Increment((int)call.Cache);
        if (call.IsLegacyShape)
        {
            _counters.Increment(RouteBucket.OlderShapeCounter);
            if (call.SentApiVersion is { } sent)
                Volatile.Write(ref _olderShapeVersion, sent);
        }

        if (call is { ProblemCode: not null, IsRefusedByCalCom: false })
            _counters.Increment(RouteBucket.ProblemCounter);
    }

    /// <summary>The number of requests with this result since the start of the process.</summary>
    public long Total(CacheResult result) => _counters.Total((int)result);

    /// <inheritdoc cref="RecentCounters.Read"/>
    public RouteBucket?[] Read() => [.. _counters.Read().Select(counts => counts is null ? null : new RouteBucket(counts))];

    public void EndBucket() => _counters.EndBucket();
}

/// <summary>The requests of one route within ten seconds.</summary>
/// <param name="counts">The numbers of requests by result of the cache, then the two counters below.</param>
internal sealed class RouteBucket(int[] counts)
{
    public const int Counters = OlderShapeCounter + 1;
    public const int OlderShapeCounter = ProblemCounter + 1;
    public const int ProblemCounter = Results;

    private const int Results = (int)CacheResult.Bypass + 1;

    public int Requests => counts.Take(Results).Sum();

    /// <summary>Requests that the cache could have answered.</summary>
    public int Cacheable => Requests - counts[(int)CacheResult.None] - counts[(int)CacheResult.Bypass];

    /// <summary>Requests of <see cref="Cacheable"/> that were answered from the store.</summary>
    public int FromStore => counts[(int)CacheResult.Hit] + counts[(int)CacheResult.Stale];

    public int Problems => counts[ProblemCounter];

    public int OlderShapes => counts[OlderShapeCounter];
}
