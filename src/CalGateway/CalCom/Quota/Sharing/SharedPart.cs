namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// What one gateway holds of a key's window that it shares with others. Where the pool does not answer, it keeps to the part that it would have if all that were
/// last heard of took the same. Guarded by the account's lock.
/// </summary>
internal sealed class SharedPart
{
    private const int LargestBlock = 8;
    private const int MostGateways = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseWhenAway = TimeSpan.FromSeconds(1);

    private int _held;
    private int _gateways = 1;
    private TimeSpan _askAgainAt = TimeSpan.MinValue;

    /// <summary>It did not answer when it was last asked.</summary>
    public bool IsAway { get; private set; }

    /// <summary>What the other gateways may have taken: what the pool last told, and a block for each since. What they use must not look like a foreign user's.</summary>
    public int Siblings { get; private set; }

    /// <summary>Under way; null where nothing is asked.</summary>
    public Task? Asking { get; set; }

    /// <param name="own">What this gateway has used of the window.</param>
    /// <param name="limit">Of the key.</param>
    public bool HasOne(int own, int limit) => IsAway ? own < Math.Max(1, limit / _gateways) : _held > 0;

    public void Take()
    {
        if (!IsAway)
            _held--;
    }

    public bool IsWorthAsking(TimeSpan now) => now >= _askAgainAt && (IsAway || _held == 0);

    /// <summary>So little is held that the next block is better asked for before it is needed.</summary>
    public bool IsLow(TimeSpan now, int own) => !IsAway && now >= _askAgainAt && _held <= BlockFor(own, waiting: 0) / 2;

    /// <summary>A gateway that uses little holds little back from the others.</summary>
    /// <param name="own">What this gateway has used of the window.</param>
    /// <param name="waiting">How many requests wait for the block.</param>
    public static int BlockFor(int own, int waiting) => Math.Clamp(Math.Max(1 + own / 2, waiting), 1, LargestBlock);

    public void BeginWindow(TimeSpan now) => (_held, Siblings, _askAgainAt) = (0, 0, IsAway ? _askAgainAt : now);

    /// <param name="block">What the pool gave; null where it did not answer.</param>
    /// <param name="wanted">What was asked for: whatever stands in the pool, no more is believed.</param>
    /// <param name="own">What this gateway has used of the window.</param>
    /// <param name="now">The moment.</param>
    public void Receive(QuotaBlock? block, int wanted, int own, TimeSpan now)
    {
        IsAway = block is null;
        if (block is not { } given)
        {
            (_held, _askAgainAt) = (0, now + PauseWhenAway);
            return;
        }

        var granted = Math.Clamp(given.Granted, 0, wanted);
        _held += granted;
        _gateways = Math.Clamp(given.Gateways, 1, MostGateways);
        Siblings = Math.Max(0, given.Used - own - _held) + LargestBlock * (_gateways - 1);
        _askAgainAt = granted > 0 ? now : now + (given.EndsIn < Pause && given.EndsIn > TimeSpan.Zero ? given.EndsIn : Pause);
    }
}
