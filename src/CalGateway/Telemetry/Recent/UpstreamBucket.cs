namespace CalGateway.Telemetry.Recent;

/// <summary>The requests that were sent to Cal.com within ten seconds, and how long they took.</summary>
/// <param name="counts">By the slots of <see cref="LatencyScale"/>, and the failures.</param>
internal sealed class UpstreamBucket(int[] counts)
{
    public const int Counters = FailureCounter + 1;
    public const int FailureCounter = LatencyScale.Slots;

    /// <summary>By the slots of <see cref="LatencyScale"/>.</summary>
    public ReadOnlySpan<int> Durations => counts.AsSpan(0, LatencyScale.Slots);

    public int Requests => counts.Take(LatencyScale.Slots).Sum();

    public int Failures => counts[FailureCounter];

    /// <summary>The durations of several.</summary>
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
