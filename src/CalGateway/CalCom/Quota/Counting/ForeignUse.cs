namespace CalGateway.CalCom.Quota.Counting;

/// <summary>What others use of a key: other programs, or gateways that share nothing with this one. Cal.com's count tells; what they will use yet is estimated.</summary>
internal sealed class ForeignUse
{
    /// <summary>Two requests in the first moment say little about a minute.</summary>
    private const double ShortestPart = 1.0 / 30;

    private int _before;
    private double _part = ShortestPart;

    /// <summary>In the window that runs.</summary>
    public int Seen { get; private set; }

    /// <summary>Another window begins.</summary>
    public void Begin()
    {
        _before = Seen > 0 ? Seen : _before / 2; // who is away for a window may come back
        (Seen, _part) = (0, ShortestPart);
    }

    /// <param name="count">What Cal.com has counted beyond our own.</param>
    /// <param name="left">Of the window.</param>
    /// <param name="length">Of the whole window.</param>
    public void See(int count, TimeSpan left, TimeSpan length)
    {
        Seen = Math.Max(Seen, count);
        _part = Math.Clamp(1 - left / length, ShortestPart, 1);
    }

    /// <summary>As many in the time left as in the time before, or as in the window before; together no more than half of the limit is kept for them.</summary>
    public int ToCome(int limit, TimeSpan left, TimeSpan length)
    {
        if (Seen <= 1 && _before <= 1)
            return 0; // one may be a request of ours that was counted in another window

        var rest = Math.Clamp(left / length, 0, 1);
        var expected = Math.Max(Seen / _part * rest, _before * rest);
        return (int)Math.Ceiling(Math.Clamp(expected, 0, Math.Max(0, limit / 2 - Seen)));
    }
}
