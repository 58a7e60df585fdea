namespace CalGateway.CalCom.Protection;

/// <summary>Counts events and marked events of the last minute, in buckets of one second. Not thread-safe.</summary>
internal sealed class RecentCounts(TimeProvider clock)
{
    public static readonly TimeSpan MaxDuration = TimeSpan.FromMinutes(1);

    private readonly Second[] _seconds = new Second[(int)MaxDuration.TotalSeconds];

    public void Add(bool isMarked)
    {
        var now = Now();
        ref var second = ref _seconds[now % _seconds.Length];
        if (second.At != now)
            second = new Second { At = now };
        if (isMarked)
            second.Marked++;
        else
            second.Unmarked++;
    }

    /// <summary>The number of events, and how many of them were marked, within a duration that ends now.</summary>
    /// <param name="duration">At most <see cref="MaxDuration"/>; rounded up to whole seconds.</param>
    public (int All, int Marked) Within(TimeSpan duration)
    {
        var oldest = Now() - (long)Math.Ceiling(duration.TotalSeconds) + 1;
        var (all, marked) = (0, 0);
        foreach (var second in _seconds)
        {
            if (second.At >= oldest)
                (all, marked) = (all + second.Unmarked + second.Marked, marked + second.Marked);
        }

        return (all, marked);
    }

    public void Clear() => Array.Clear(_seconds);

    /// <summary>The current second, by a count that starts high enough that an unused bucket, which has 0, is always too old.</summary>
    private long Now() => (clock.GetTimestamp() / clock.TimestampFrequency) + _seconds.Length;

    private struct Second
    {
        public long At;
        public int Unmarked;
        public int Marked;
    }
}
