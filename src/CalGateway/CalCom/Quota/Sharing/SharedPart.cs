namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// The part of a shared window that one gateway holds. If the pool does not answer, the gateway uses an equal part of the limit, by the number of gateways that
/// were last known. Guarded by the account's lock.
/// </summary>
internal sealed class SharedPart
{
    /// <summary>The largest block, in requests. A larger one would be missing elsewhere if this gateway does not need it.</summary>
    private const int MaxBlock = 8;

    /// <summary>A higher number of gateways in Redis is not plausible.</summary>
    private const int MaxGateways = 1000;

    /// <summary>How long the pool is not asked again after it had nothing left.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>How long the pool is not asked again after it did not answer.</summary>
    private static readonly TimeSpan RetryDelayWhenAway = TimeSpan.FromSeconds(1);

    private int _held;
    private int _gateways = 1;
    private TimeSpan _askAgainAt = TimeSpan.MinValue;

    /// <summary>True if the pool did not answer when it was last asked.</summary>
    public bool IsAway { get; private set; }

    /// <summary>
    /// How many requests the other gateways may have sent: what the pool last said, plus a block for each gateway since then. These must not be mistaken for
    /// requests of a foreign user.
    /// </summary>
    public int Siblings { get; private set; }

    /// <summary>The call to the pool that is on its way; null for none.</summary>
    public Task? Asking { get; set; }

    /// <summary>Whether this gateway may send one more request.</summary>
    /// <param name="own">How many requests this gateway has sent in the window.</param>
    /// <param name="limit">How many requests the key has in each window.</param>
    public bool HasOne(int own, int limit) => IsAway ? own < Math.Max(1, limit / _gateways) : _held > 0;

    public void Take()
    {
        if (!IsAway)
            _held--;
    }

    public bool IsWorthAsking(TimeSpan now) => now >= _askAgainAt && (IsAway || _held == 0);

    /// <summary>Whether the next block should be requested now, before it is needed.</summary>
    public bool IsLow(TimeSpan now, int own) => !IsAway && now >= _askAgainAt && _held <= BlockFor(own, waiting: 0) / 2;

    /// <summary>The size of the next block, in requests. A gateway that sends little takes small blocks, so that little is missing elsewhere.</summary>
    /// <param name="own">How many requests this gateway has sent in the window.</param>
    /// <param name="waiting">How many requests wait for the block.</param>
    public static int BlockFor(int own, int waiting) => Math.Clamp(Math.Max(1 + own / 2, waiting), 1, MaxBlock);

    public void BeginWindow(TimeSpan now) => (_held, Siblings, _askAgainAt) = (0, 0, IsAway ? _askAgainAt : now);

    /// <summary>Takes over the pool's answer.</summary>
    /// <param name="block">The answer; null if there was none.</param>
    /// <param name="wanted">How many requests were asked for. If the pool grants more, because its data was changed, this many count.</param>
    /// <param name="own">How many requests this gateway has sent in the window.</param>
    /// <param name="now">The time of the account's clock.</param>
    public void Receive(QuotaBlock? block, int wanted, int own, TimeSpan now)
    {
        IsAway = block is null;
        if (block is not { } given)
        {
            (_held, _askAgainAt) = (0, now + RetryDelayWhenAway);
            return;
        }

        var granted = Math.Clamp(given.Granted, 0, wanted);
        _held += granted;
        _gateways = Math.Clamp(given.Gateways, 1, MaxGateways);
        Siblings = Math.Max(0, given.Used - own - _held) + MaxBlock * (_gateways - 1);
        _askAgainAt = granted > 0 ? now : now + (given.EndsIn < RetryDelay && given.EndsIn > TimeSpan.Zero ? given.EndsIn : RetryDelay);
    }
}
