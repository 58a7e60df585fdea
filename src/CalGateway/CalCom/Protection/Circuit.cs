namespace CalGateway.CalCom.Protection;

/// <summary>
/// A circuit breaker. Polly's cannot be used: it takes everything that is not a failure for a success, so that a caller that hangs up during the probe would
/// close the circuit; and it wraps one call, while here a request enters in one stage and its outcome is known in another.
/// </summary>
internal sealed class Circuit(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly RecentCounts _window = new(clock);
    private CircuitState _state;
    private long _period;
    private long _until;

    /// <summary>The state. It is half open also when the break is over and the next request will be the probe.</summary>
    public CircuitState State
    {
        get
        {
            lock (_lock)
                return _state == CircuitState.Open && Left() == TimeSpan.Zero ? CircuitState.HalfOpen : _state;
        }
    }

    /// <summary>The time until the next probe; null if requests pass.</summary>
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

    /// <returns>True if the circuit has opened by it.</returns>
    public bool Record(CircuitPass pass, Outcome outcome, CircuitOptions options)
    {
        if (!options.Enabled)
            return false;

        lock (_lock)
        {
            if (pass.IsProbe && _state == CircuitState.HalfOpen && outcome is (Outcome.Success or Outcome.Answered))
                return Close(); // the late answer of an earlier probe closes it as well: the upstream answers
            if (pass.Period != _period)
                return false;

            return pass.IsProbe ? RecordProbe(outcome, options) : Count(outcome, options);
        }
    }

    private bool Close()
    {
        _window.Clear();
        Change(CircuitState.Closed, TimeSpan.Zero);
        return false;
    }

    /// <summary>A probe without a known outcome is followed by another one at once.</summary>
    private bool RecordProbe(Outcome outcome, CircuitOptions options)
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
