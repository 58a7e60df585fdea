namespace CalGateway.Telemetry.Pulse;

/// <summary>How Cal.com has answered, background refreshes included.</summary>
internal sealed class UpstreamPulse(TimeProvider clock)
{
    private UpstreamMoment? _lastAnswer;
    private UpstreamMoment? _lastAccepted;
    private UpstreamMoment? _lastFailure;

    public BeatRing<UpstreamBeat> Ring { get; } = new();

    /// <summary>The last that Cal.com answered, be it a refusal.</summary>
    public UpstreamMoment? LastAnswer => Volatile.Read(ref _lastAnswer);

    /// <summary>The last that was no error at all.</summary>
    public UpstreamMoment? LastAccepted => Volatile.Read(ref _lastAccepted);

    /// <summary>The last that Cal.com failed: no answer, or a 5xx.</summary>
    public UpstreamMoment? LastFailure => Volatile.Read(ref _lastFailure);

    /// <param name="duration">Until the headers of the answer, or until it was given up.</param>
    /// <param name="status">Null where no answer came.</param>
    public void Record(TimeSpan duration, int? status)
    {
        var failed = status is null or >= 500;
        Ring.Current.Count(duration, failed);

        var moment = new UpstreamMoment(clock.GetUtcNow(), status);
        Volatile.Write(ref failed ? ref _lastFailure : ref _lastAnswer, moment);
        if (status is < 400)
            Volatile.Write(ref _lastAccepted, moment);
    }
}

/// <param name="At">When it was known.</param>
/// <param name="Status">Null where no answer came.</param>
internal sealed record UpstreamMoment(DateTimeOffset At, int? Status);
