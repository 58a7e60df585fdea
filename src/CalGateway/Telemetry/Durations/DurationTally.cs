namespace CalGateway.Telemetry.Durations;

/// <summary>
/// Durations of one kind of request since they were last taken out: how many, and their sum, by <see cref="DurationScale"/>. A bucket is one
/// number, so that counting is one addition and what is taken out is whole.
/// </summary>
internal sealed class DurationTally<TKind>(TKind kind)
{
    /// <summary>
    /// Above the sum of microseconds, which has room for twelve days of requests taken together; the count has room for sixteen million. They are taken out
    /// once a second.
    /// </summary>
    private const int CountShift = 40;

    private readonly long[] _buckets = new long[DurationScale.Buckets];

    public TKind Kind => kind;

    /// <summary>False for what is longer than the last boundary, which is rare enough to be told at once.</summary>
    public bool TryAdd(TimeSpan duration)
    {
        var microseconds = duration.Ticks / TimeSpan.TicksPerMicrosecond;
        if (DurationScale.BucketOf(microseconds) is not { } bucket)
            return false;

        Interlocked.Add(ref _buckets[bucket], (1L << CountShift) | microseconds);
        return true;
    }

    /// <summary>
    /// Takes out what is there, bucket by bucket, as so many of the same duration. Count, sum and buckets are as if each had been told alone: a
    /// bucket's mean lies in the bucket.
    /// </summary>
    public IEnumerable<(double Seconds, int Times)> TakeOut()
    {
        for (var bucket = 0; bucket < _buckets.Length; bucket++)
        {
            var taken = Interlocked.Exchange(ref _buckets[bucket], 0);
            if (taken == 0)
                continue;

            var times = (int)(taken >>> CountShift);
            var microseconds = taken & ((1L << CountShift) - 1);
            yield return (microseconds / (double)times / 1_000_000, times);
        }
    }
}
