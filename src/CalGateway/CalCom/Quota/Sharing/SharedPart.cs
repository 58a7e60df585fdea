namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// What one gateway holds of a key's window that it shares with others. Where the pool does not answer, it keeps to the part that it would have if all that were
/// last heard of took the same. Guarded by the account's lock.
/// </summary>
internal sealed class SharedPart
{
    private const int MaxBlock = 4;
    private const int MaxGateways = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseWhenAway = TimeSpan.FromSeconds(1);

    /// <summary>How old the other gateways' reports may be while this one only refuses.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly Held _general = new();
    private readonly Held _forWrites = new();
    private int _gateways = 1;
    private TimeSpan _reportAt = TimeSpan.MinValue;

    /// <summary>It did not answer when it was last asked.</summary>
    public bool IsAway { get; private set; }

    /// <summary>What the other gateways may have taken: what the pool last told, and a block for each since. What they use must not look like a foreign user's.</summary>
    public int Siblings { get; private set; }

    /// <summary>Under way; null where nothing is asked.</summary>
    public Task? Asking { get; set; }

    /// <param name="isWrite">Writes may use what is kept for them, too.</param>
    /// <param name="own">What this gateway has used of the window.</param>
    /// <param name="limit">Of the key.</param>
    /// <param name="kept">How much of the limit is kept from requests of this class.</param>
    public bool HasOne(bool isWrite, int own, int limit, int kept) =>
        IsAway ? own < Math.Max(1, (limit - kept) / _gateways) : _general.Count > 0 || (isWrite && _forWrites.Count > 0);

    public void Take(bool isWrite)
    {
        if (!IsAway)
            (isWrite && _forWrites.Count > 0 ? _forWrites : _general).Count--;
    }

    public bool IsWorthAsking(bool isWrite, TimeSpan now)
    {
        var held = isWrite ? _forWrites : _general;
        return now >= held.AskAgainAt && (IsAway || held.Count == 0);
    }

    /// <summary>So little is held that the next block is better asked for before it is needed.</summary>
    public bool IsLow(TimeSpan now, int own) => !IsAway && now >= _general.AskAgainAt && _general.Count <= BlockFor(own, waiting: 0) / 2;

    /// <summary>What others report is old, although nothing else is to be asked for.</summary>
    public bool IsReportDue(TimeSpan now) => !IsAway && now >= _reportAt;

    /// <summary>A gateway that uses little holds little back from the others.</summary>
    /// <param name="own">What this gateway has used of the window.</param>
    /// <param name="waiting">How many requests wait for the block.</param>
    public static int BlockFor(int own, int waiting) => Math.Clamp(Math.Max(1 + own / 2, waiting), 1, MaxBlock);

    public void BeginWindow(TimeSpan now)
    {
        Siblings = 0;
        foreach (var held in (ReadOnlySpan<Held>)[_general, _forWrites])
            (held.Count, held.AskAgainAt) = (0, IsAway ? held.AskAgainAt : now);
    }

    /// <param name="block">What the pool gave; null where it did not answer.</param>
    /// <param name="wanted">What was asked for: whatever stands in the pool, no more is believed.</param>
    /// <param name="isForWrites">Whether it was asked for a write: it may be of what is kept for writes.</param>
    /// <param name="own">What this gateway has used of the window.</param>
    /// <param name="now">The moment.</param>
    public void Receive(QuotaBlock? block, int wanted, bool isForWrites, int own, TimeSpan now)
    {
        IsAway = block is null;
        if (block is not { } given)
        {
            (_general.Count, _forWrites.Count) = (0, 0);
            _general.AskAgainAt = _forWrites.AskAgainAt = now + PauseWhenAway;
            return;
        }

        var granted = Math.Clamp(given.Granted, 0, wanted);
        var held = isForWrites ? _forWrites : _general;
        held.Count += granted;
        _reportAt = now + ReportInterval;
        _gateways = Math.Clamp(given.Gateways, 1, MaxGateways);
        Siblings = Math.Max(0, given.Used - own - _general.Count - _forWrites.Count) + MaxBlock * (_gateways - 1);
        if (wanted > 0)
            held.AskAgainAt = granted > 0 ? now : now + (given.EndsIn < Pause && given.EndsIn > TimeSpan.Zero ? given.EndsIn : Pause);
    }

    /// <summary>Requests that the pool gave and that are not sent yet.</summary>
    private sealed class Held
    {
        public int Count { get; set; }

        public TimeSpan AskAgainAt { get; set; } = TimeSpan.MinValue;
    }
}
