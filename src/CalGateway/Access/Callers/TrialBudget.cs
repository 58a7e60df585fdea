namespace CalGateway.Access.Callers;

/// <summary>How many failed trials of keys against hashes of the older form are still allowed. Without a limit, anybody could keep the gateway busy with wrong keys.</summary>
internal sealed class TrialBudget
{
    /// <summary>Up to this many hashes are tried without limit: that costs no more than the rest of a request.</summary>
    public const int AlwaysTried = 16;

    /// <summary>How many failed trials are allowed at once, and how many more in each second: they take a hundredth of a processor.</summary>
    private const double MaxTrials = 4000;
    private const double TrialsPerSecond = 1000;

    private readonly Lock _lock = new();
    private double _allowed = MaxTrials;
    private DateTimeOffset _asOf;

    public bool MayTry(int hashes, DateTimeOffset now)
    {
        if (hashes <= AlwaysTried)
            return true;

        lock (_lock)
        {
            _allowed = Math.Min(MaxTrials, _allowed + (TrialsPerSecond * Math.Max(0, (now - _asOf).TotalSeconds)));
            _asOf = now;
            return _allowed > 0;
        }
    }

    /// <summary>Counts the trials of a wrong key. Those of a valid key are not counted: from then on it is found by its digest.</summary>
    public void CountFailed(int hashes)
    {
        lock (_lock)
            _allowed -= hashes;
    }
}
