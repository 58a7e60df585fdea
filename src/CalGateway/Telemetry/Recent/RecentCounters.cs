namespace CalGateway.Telemetry.Recent;

/// <summary>
/// Counters that only grow, and their growth in each of the last buckets of ten seconds. Counting is one increment, without a lock and without a clock: a
/// timer ends the buckets.
/// </summary>
internal sealed class RecentCounters(int counters)
{
    private readonly int[]?[] _ended = new int[]?[RecentActivity.Buckets - 1];
    private readonly long[] _totals = new long[counters];
    private readonly long[] _totalsBefore = new long[counters]; // as they were when the current bucket began
    private int _oldest;

    public void Increment(int counter) => Interlocked.Increment(ref _totals[counter]);

    /// <summary>The count since the start of the process.</summary>
    public long Total(int counter) => Interlocked.Read(ref _totals[counter]);

    /// <summary>The counts of each bucket, the oldest first and the current one last; null for a bucket with no count. Not to be called during <see cref="EndBucket"/>.</summary>
    public int[]?[] Read() => [.. _ended[_oldest..], .. _ended[.._oldest], Current()];

    /// <summary>Not to be called by two threads at once.</summary>
    public void EndBucket()
    {
        var current = Current();
        for (var counter = 0; current is not null && counter < current.Length; counter++)
            _totalsBefore[counter] += current[counter];

        _ended[_oldest] = current;
        _oldest = (_oldest + 1) % _ended.Length;
    }

    private int[]? Current()
    {
        int[]? counted = null;
        for (var counter = 0; counter < _totals.Length; counter++)
        {
            var count = (int)(Total(counter) - _totalsBefore[counter]);
            if (count > 0)
                (counted ??= new int[_totals.Length])[counter] = count;
        }

        return counted;
    }
}
