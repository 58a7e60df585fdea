namespace CalGateway.CalCom.Protection;

/// <summary>How many there were, and how many of them were marked, by the second. Not thread-safe.</summary>
internal sealed class RecentCounts(TimeProvider clock)
{
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Second[] _seconds = new Second[(int)Longest.TotalSeconds];

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

    /// <param name="duration">Up to now, in whole seconds.</param>
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

    /// <summary>From 1 on, so that an empty place is older than anything.</summary>
    private long Now() => (clock.GetTimestamp() / clock.TimestampFrequency) + _seconds.Length;

    private struct Second
    {
        public long At;
        public int Unmarked;
        public int Marked;
    }
}
