namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// The part of a shared window that one gateway holds. If the pool does not answer, the gateway uses an equal part of the limit, by the number of gateways that
/// were last known. Guarded by the account's lock.
/// </summary>
internal sealed class SharedPart
{
    /// <summary>The largest block, in requests. A larger one would be missing elsewhere if this gateway does not need it.</summary>
    private const int MaxBlock = 4;

    /// <summary>A higher number of gateways in Redis is not plausible.</summary>
    private const int MaxGateways = 1000;

    /// <summary>How long the pool is not asked again after it had nothing left.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the pool is not asked again after it did not answer.</summary>
    private static readonly TimeSpan RetryDelayWhenAway = TimeSpan.FromSeconds(1);

    /// <summary>How old the other gateways' reports may become while this one sends nothing.</summary>
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(1);

    private readonly Held _general = new();
    private readonly Held _forWrites = new();
    private int _gateways = 1;
    private TimeSpan _reportAt = TimeSpan.MinValue;

    /// <summary>True if the pool did not answer when it was last asked.</summary>
    public bool IsAway { get; private set; }

    /// <summary>
    /// How many requests the other gateways may have sent: what the pool last said, plus a block for each gateway since then. These must not be mistaken for
    /// requests of a foreign user.
    /// </summary>
    public int Siblings { get; private set; }

    /// <summary>Whether this gateway may send one more request.</summary>
    /// <param name="isWrite">True for a write, which may use what is kept for writes, too.</param>
    /// <param name="own">How many requests this gateway has sent in the window.</param>
    /// <param name="limit">How many requests the key has in each window.</param>
    /// <param name="kept">How many of these are kept from requests of this class.</param>
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

    /// <summary>Whether the next block should be requested now, before it is needed.</summary>
    public bool IsLow(TimeSpan now, int own) => !IsAway && now >= _general.AskAgainAt && _general.Count <= BlockFor(own, waiting: 0) / 2;

    /// <summary>Whether the other gateways' reports should be requested, although no block is needed.</summary>
    public bool IsReportDue(TimeSpan now) => !IsAway && now >= _reportAt;

    /// <summary>The size of the next block, in requests. A gateway that sends little takes small blocks, so that little is missing elsewhere.</summary>
    /// <param name="waiting">How many requests wait for the block.</param>
    public static int BlockFor(int own, int waiting) => Math.Clamp(Math.Max(1 + own / 2, waiting), 1, MaxBlock);

    public void BeginWindow(TimeSpan now)
    {
        Siblings = 0;
        foreach (var held in (ReadOnlySpan<Held>)[_general, _forWrites])
            (held.Count, held.AskAgainAt) = (0, IsAway ? held.AskAgainAt : now);
    }

    /// <summary>Takes over the pool's answer.</summary>
    /// <param name="wanted">How many requests were asked for. If the pool grants more, because its data was changed, this many count.</param>
    /// <param name="isForWrites">True if it was asked for a write. It may then be of what is kept for writes, and only writes may use it.</param>
    public void Receive(QuotaBlock? block, int wanted, bool isForWrites, int own, TimeSpan now)
    {
        IsAway = block is null;
        if (block is not { } given)
        {
            (_general.Count, _forWrites.Count) = (0, 0);
            _general.AskAgainAt = _forWrites.AskAgainAt = now + RetryDelayWhenAway;
            return;
        }

        var granted = Math.Clamp(given.Granted, 0, wanted);
        var held = isForWrites ? _forWrites : _general;
        held.Count += granted;
        _reportAt = now + ReportInterval;
        _gateways = Math.Clamp(given.Gateways, 1, MaxGateways);
        Siblings = Math.Max(0, given.Used - own - _general.Count - _forWrites.Count) + MaxBlock * (_gateways - 1);
        if (wanted > 0)
            held.AskAgainAt = granted > 0 ? now : now + (given.EndsIn < RetryDelay && given.EndsIn > TimeSpan.Zero ? given.EndsIn : RetryDelay);
    }

    /// <summary>Requests that the pool gave and that are not sent yet.</summary>
    private sealed class Held
    {
        public int Count { get; set; }

        public TimeSpan AskAgainAt { get; set; } = TimeSpan.MinValue;
    }
}
