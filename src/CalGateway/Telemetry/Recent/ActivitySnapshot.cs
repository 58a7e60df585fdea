namespace CalGateway.Telemetry.Recent;

/// <summary>All counts at one moment. The oldest bucket is first, the current one last; a bucket is null if nothing happened in it.</summary>
/// <param name="WithoutRoute">Requests that matched no route.</param>
internal sealed record ActivitySnapshot(
    IReadOnlyDictionary<string, RouteBucket?[]> Routes, RouteBucket?[] WithoutRoute, UpstreamBucket?[] Upstream)
{
    private const int BucketsPerMinute = 6;

    /// <summary>The buckets of the last minute, and the current one.</summary>
    public static IEnumerable<TBucket> LastMinuteOf<TBucket>(TBucket?[] buckets)
        where TBucket : class => buckets[^(BucketsPerMinute + 1)..].OfType<TBucket>();
}
