using System.Diagnostics.Metrics;

namespace CalGateway.Telemetry.Durations;

/// <summary>
/// Durations of one kind of request since they were last handed over, by the histogram's own buckets: how many, and their sum. A bucket is one number,
/// so that counting is one addition and what is taken out is whole.
/// </summary>
internal sealed class DurationTally(RequestKind kind)
{
    /// <summary>In seconds; the conventions'.</summary>
    public static readonly double[] Boundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    /// <summary>Above the sum, whose microseconds have room for twelve days in a bucket; the count has room for sixteen million.</summary>
    private const int CountShift = 40;

    private static readonly long[] Limits = [.. Boundaries.Select(seconds => (long)(seconds * 1_000_000))];

    private readonly KeyValuePair<string, object?>[] _tags = kind.Tags();
    private readonly long[] _buckets = new long[Limits.Length];

    public RequestKind Kind => kind;

    /// <summary>False for what is longer than the last boundary, which is rare enough to be told at once.</summary>
    public bool TryAdd(TimeSpan duration)
    {
        var microseconds = duration.Ticks / TimeSpan.TicksPerMicrosecond;
        var bucket = 0;
        while (bucket < Limits.Length && microseconds > Limits[bucket])
            bucket++;
        if (bucket == Limits.Length)
            return false;

        Interlocked.Add(ref _buckets[bucket], (1L << CountShift) | microseconds);
        return true;
    }

    /// <summary>Count, sum and buckets come out as if each had been told alone: a bucket's mean lies in the bucket.</summary>
    public void HandOver(Histogram<double> histogram)
    {
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            var taken = Interlocked.Exchange(ref _buckets[bucket], 0);
            if (taken == 0)
                continue;

            var count = taken >>> CountShift;
            var mean = (taken & ((1L << CountShift) - 1)) / (double)count / 1_000_000;
            for (; count > 0; count--)
                histogram.Record(mean, _tags);
        }
    }
}
