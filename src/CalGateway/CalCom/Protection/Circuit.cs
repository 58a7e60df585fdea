namespace CalGateway.CalCom.Protection;

/// <summary>
/// A circuit breaker. Polly's wraps what it guards and takes whatever is not a failure for a success: a caller that hangs up over the probe would close it, and
/// what was let through is only known to fail where its answer is read. So this one is told both.
/// </summary>
internal sealed class Circuit(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly RecentCounts _window = new(clock);
    private CircuitState _state;
    private long _period;
    private long _until;

    /// <summary>Half open also where the break is over and the next request will try.</summary>
    public CircuitState State
    {
        get
        {
            lock (_lock)
                return _state == CircuitState.Open && Left() == TimeSpan.Zero ? CircuitState.HalfOpen : _state;
        }
    }

    /// <summary>Until the next probe; null where requests pass.</summary>
    public TimeSpan? OpenFor
    {
        get
        {
            lock (_lock)
                return _state == CircuitState.Closed ? null : Left();
        }
    }

    public CircuitPass Enter(CircuitOptions options)
    {
        if (!options.Enabled)
            return default;

        lock (_lock)
        {
            if (_state == CircuitState.Closed)
                return new CircuitPass(null, _period, IsProbe: false);
            if (Left() is { Ticks: > 0 } left)
                return new CircuitPass(left, _period, IsProbe: false);

            // A probe that takes longer than the break may hang for good: another one goes after it.
            Change(CircuitState.HalfOpen, options.BreakDuration);
            return new CircuitPass(null, _period, IsProbe: true);
        }
    }

    /// <returns>True where the circuit has opened by it.</returns>
    public bool Leave(CircuitPass pass, Outcome outcome, CircuitOptions options)
    {
        if (!options.Enabled)
            return false;

        lock (_lock)
        {
            if (pass.IsProbe && _state == CircuitState.HalfOpen && outcome is (Outcome.Success or Outcome.Answered))
                return Close(); // of an earlier probe, too, which took longer than the break: the upstream is there
            if (pass.Period != _period)
                return false;

            return pass.IsProbe ? LeaveProbe(outcome, options) : Count(outcome, options);
        }
    }

    private bool Close()
    {
        _window.Clear();
        Change(CircuitState.Closed, TimeSpan.Zero);
        return false;
    }

    /// <summary>Where it tells nothing, the next request tries.</summary>
    private bool LeaveProbe(Outcome outcome, CircuitOptions options)
    {
        Change(CircuitState.Open, outcome == Outcome.Failure ? options.BreakDuration : TimeSpan.Zero);
        return outcome == Outcome.Failure;
    }

    private bool Count(Outcome outcome, CircuitOptions options)
    {
        if (outcome is not (Outcome.Success or Outcome.Failure))
            return false;

        _window.Add(isMarked: outcome == Outcome.Failure);
        if (outcome == Outcome.Success)
            return false;

        var (all, failed) = _window.Within(options.SamplingDuration);
        if (all < options.MinimumThroughput || failed < options.FailureRatio * all)
            return false;

        Change(CircuitState.Open, options.BreakDuration);
        return true;
    }

    private void Change(CircuitState state, TimeSpan until)
    {
        _state = state;
        _period++;
        _until = clock.GetTimestamp() + (long)(until.TotalSeconds * clock.TimestampFrequency);
    }

    private TimeSpan Left()
    {
        var left = _until - clock.GetTimestamp();
        return left > 0 ? TimeSpan.FromSeconds(left / (double)clock.TimestampFrequency) : TimeSpan.Zero;
    }
}
