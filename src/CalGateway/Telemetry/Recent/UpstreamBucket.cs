namespace CalGateway.Telemetry.Recent;

/// <summary>The requests that were sent to Cal.com within ten seconds, and their durations.</summary>
/// <param name="counts">The number of requests for each slot of <see cref="LatencyScale"/>, then the number of failures.</param>
internal sealed class UpstreamBucket(int[] counts)
{
    public const int Counters = FailureCounter + 1;
    public const int FailureCounter = LatencyScale.Slots;

    /// <summary>The number of requests for each slot of <see cref="LatencyScale"/>.</summary>
    public ReadOnlySpan<int> Durations => counts.AsSpan(0, LatencyScale.Slots);

    public int Requests => counts.Take(LatencyScale.Slots).Sum();

    public int Failures => counts[FailureCounter];

    /// <summary>The durations of several buckets together.</summary>
    public static int[] Sum(IEnumerable<UpstreamBucket> buckets)
    {
        var sum = new int[LatencyScale.Slots];
        foreach (var bucket in buckets)
        {
            for (var slot = 0; slot < sum.Length; slot++)
                sum[slot] += bucket.Durations[slot];
        }

        return sum;
    }
}
