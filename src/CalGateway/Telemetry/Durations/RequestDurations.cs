using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using CalGateway.Envelope;

namespace CalGateway.Telemetry.Durations;

/// <summary>
/// <c>http.server.request.duration</c>, in place of the framework's own: to have OpenTelemetry look six tags up, once a reader, is the dearest that a
/// hit does besides being sent. Durations are tallied here and told every second, when the look-up is warm. What has a recorded trace is told at once,
/// for only so can the trace be an example.
/// </summary>
internal sealed class RequestDurations
{
    public const string Name = "http.server.request.duration";

    /// <summary>OpenTelemetry's own limit on the kinds of one metric; a tally beyond it would be told of as overflow anyway.</summary>
    private const int MostKinds = 2000;

    private readonly Histogram<double> _histogram;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<RequestKind, DurationTally> _tallies = new();

    public RequestDurations(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _histogram = meters.Create(GatewayMetrics.MeterName).CreateHistogram(
            Name, "s", "Duration of HTTP server requests.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationTally.Boundaries });
    }

    /// <param name="call">The request, which is over.</param>
    /// <param name="context">The request's.</param>
    public void Record(GatewayCall call, HttpContext context)
    {
        if (!_histogram.Enabled)
            return;

        var duration = _clock.GetElapsedTime(call.StartedAt);
        var kind = RequestKind.Of(context);
        if (Activity.Current is { Recorded: true } || TallyOf(call, kind)?.TryAdd(duration) is not true)
            _histogram.Record(duration.TotalSeconds, kind.Tags());
    }

    /// <summary>Tells what was tallied.</summary>
    public void HandOver()
    {
        foreach (var (_, tally) in _tallies)
            tally.HandOver(_histogram);
    }

    /// <summary>A route's requests are mostly of one kind, so its plan keeps the last.</summary>
    private DurationTally? TallyOf(GatewayCall call, RequestKind kind)
    {
        if (call.Plan is not { } plan)
            return TallyOf(kind);
        return plan.Durations is { } last && last.Kind == kind ? last : plan.Durations = TallyOf(kind);
    }

    private DurationTally? TallyOf(RequestKind kind) =>
        _tallies.TryGetValue(kind, out var tally) ? tally
        : _tallies.Count < MostKinds ? _tallies.GetOrAdd(kind, static kind => new DurationTally(kind))
        : null;
}
