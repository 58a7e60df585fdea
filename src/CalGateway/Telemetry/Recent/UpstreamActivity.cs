using System.Text.Json.Serialization;

namespace CalGateway.Telemetry.Recent;

/// <summary>How Cal.com has answered, background refreshes included.</summary>
internal sealed class UpstreamActivity(TimeProvider clock)
{
    private readonly RecentCounters _counters = new(UpstreamBucket.Counters);
    private UpstreamMoment? _lastAnswer;
    private UpstreamMoment? _lastAccepted;
    private UpstreamMoment? _lastFailure;

    /// <summary>The last answer of Cal.com that was no failure; a refusal is an answer.</summary>
    public UpstreamMoment? LastAnswer => Volatile.Read(ref _lastAnswer);

    /// <summary>The last answer with a status below 400.</summary>
    public UpstreamMoment? LastAccepted => Volatile.Read(ref _lastAccepted);

    /// <summary>The last failure of Cal.com: no answer, or a 5xx.</summary>
    public UpstreamMoment? LastFailure => Volatile.Read(ref _lastFailure);

    /// <param name="duration">Until the headers of the answer came, or the request was given up.</param>
    /// <param name="status">Null if no answer came.</param>
    public void Record(string destination, TimeSpan duration, int? status)
    {
        var failed = status is null or >= 500;
        _counters.Increment(LatencyScale.SlotOf(duration));
        if (failed)
            _counters.Increment(UpstreamBucket.FailureCounter);

        var moment = new UpstreamMoment(clock.GetUtcNow(), status) { Destination = destination };
        Volatile.Write(ref failed ? ref _lastFailure : ref _lastAnswer, moment);
        if (status is < 400)
            Volatile.Write(ref _lastAccepted, moment);
    }

    /// <inheritdoc cref="RecentCounters.Read"/>
    public UpstreamBucket?[] Read() => [.. _counters.Read().Select(counts => counts is null ? null : new UpstreamBucket(counts))];

    public void EndBucket() => _counters.EndBucket();
}

/// <param name="At">When the answer or the failure was known.</param>
/// <param name="Status">Null if no answer came.</param>
internal sealed record UpstreamMoment(DateTimeOffset At, int? Status)
{
    /// <summary>The base URL that was asked: after an edit of it the moment is history.</summary>
    [JsonIgnore]
    public string Destination { get; init; } = "";
}
