namespace CalGateway.Telemetry.Recent;

/// <summary>The last fifteen minutes as series for charts: a number for each bucket, the oldest first.</summary>
internal sealed record ActivitySeries
{
    public const double Median = 0.5;
    public const double Slow = 0.99;

    /// <summary>The chart of a route is small, so each of its numbers is the sum of this many buckets.</summary>
    private const int BucketsPerRouteNumber = 3;

    public int BucketSeconds { get; } = (int)RecentActivity.BucketLength.TotalSeconds;

    public required IReadOnlyList<int> Requests { get; init; }

    /// <summary>Null for a bucket without requests that the cache could have answered.</summary>
    public required IReadOnlyList<double?> HitRatio { get; init; }

    public required IReadOnlyList<int> Problems { get; init; }

    /// <summary>In milliseconds; null for a bucket without requests to Cal.com.</summary>
    public required IReadOnlyList<double?> UpstreamMedian { get; init; }

    public required IReadOnlyList<double?> UpstreamSlow { get; init; }

    /// <summary>Requests by route; each number is the sum of three buckets.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<int>> Routes { get; init; }

    public static ActivitySeries Of(ActivitySnapshot snapshot)
    {
        var all = snapshot.Routes.Values.Append(snapshot.WithoutRoute).ToList();
        return new ActivitySeries
        {
            Requests = [.. Each(index => all.Sum(buckets => buckets[index]?.Requests ?? 0))],
            Problems = [.. Each(index => all.Sum(buckets => buckets[index]?.Problems ?? 0))],
            HitRatio = [.. Each(index => Ratio(all.Sum(buckets => buckets[index]?.FromStore ?? 0), all.Sum(buckets => buckets[index]?.Cacheable ?? 0)))],
            UpstreamMedian = [.. snapshot.Upstream.Select(bucket => Quantile(bucket, Median))],
            UpstreamSlow = [.. snapshot.Upstream.Select(bucket => Quantile(bucket, Slow))],
            Routes = snapshot.Routes.ToDictionary(
                route => route.Key,
                IReadOnlyList<int> (route) => [.. route.Value.Chunk(BucketsPerRouteNumber).Select(chunk => chunk.Sum(bucket => bucket?.Requests ?? 0))]),
        };
    }

    private static IEnumerable<T> Each<T>(Func<int, T> of) => Enumerable.Range(0, RecentActivity.Buckets).Select(of);

    private static double? Ratio(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 3);

    private static double? Quantile(UpstreamBucket? bucket, double share) =>
        bucket is not null && LatencyScale.Quantile(bucket.Durations, share) is { } milliseconds ? Math.Round(milliseconds, 1) : null;
}
