namespace CalGateway.Telemetry.Recent;

/// <summary>All that was counted, at one moment. Buckets are the oldest first, the current one last; null where nothing happened.</summary>
/// <param name="Routes">By route id.</param>
/// <param name="WithoutRoute">Requests that met no route.</param>
/// <param name="Upstream">Requests to Cal.com.</param>
internal sealed record ActivitySnapshot(
    IReadOnlyDictionary<string, RouteBucket?[]> Routes, RouteBucket?[] WithoutRoute, UpstreamBucket?[] Upstream)
{
    private const int BucketsOfAMinute = 6;

    /// <summary>The buckets of the last minute, and the one that has begun.</summary>
    public static IEnumerable<TBucket> LastMinuteOf<TBucket>(TBucket?[] buckets)
        where TBucket : class => buckets[^(BucketsOfAMinute + 1)..].OfType<TBucket>();
}
