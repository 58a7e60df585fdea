namespace CalGateway.CalCom.Quota.Counting;

/// <summary>
/// Counts how many of a key's requests others send: other programs, or gateways that share no Redis with this one. It follows from Cal.com's count; how many
/// they will still send in the window is estimated.
/// </summary>
internal sealed class ForeignUse
{
    private int _before;
    private double _part = QuotaWindow.MinElapsedPart;

    /// <summary>How many requests others have sent in the current window.</summary>
    public int Seen { get; private set; }

    /// <summary>To be called when a window begins.</summary>
    public void Begin()
    {
        _before = Seen > 0 ? Seen : _before / 2; // a user that pauses for a window may come back
        (Seen, _part) = (0, QuotaWindow.MinElapsedPart);
    }

    /// <param name="count">The requests that Cal.com has counted beyond this gateway's; negative counts as 0.</param>
    /// <param name="left">How much time of the window is left.</param>
    public void See(int count, TimeSpan left, TimeSpan length)
    {
        Seen = Math.Max(Seen, count);
        _part = Math.Clamp(1 - left / length, QuotaWindow.MinElapsedPart, 1);
    }

    /// <summary>
    /// How many requests others are expected to send in the rest of the window: at the rate of this window or of the previous one, whichever is higher. Together
    /// with those seen, no more than half of the limit is kept for others.
    /// </summary>
    public int ToCome(int limit, TimeSpan left, TimeSpan length)
    {
        if (Seen <= 1 && _before <= 1)
            return 0; // a single one may be a request of this gateway that Cal.com counted in another window

        var rest = Math.Clamp(left / length, 0, 1);
        var expected = Math.Max(Seen / _part * rest, _before * rest);
        return (int)Math.Ceiling(Math.Clamp(expected, 0, Math.Max(0, limit / 2 - Seen)));
    }
}
