using System.Diagnostics.Metrics;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Durations;

/// <summary><c>http.server.request.duration</c>, in place of the framework's own, which would be told at every request.</summary>
internal sealed class RequestDurations : ITallied
{
    public const string Name = "http.server.request.duration";

    private readonly DurationTallies<RequestKind> _tallies = new();
    private readonly Histogram<double> _histogram;
    private readonly TimeProvider _clock;

    public RequestDurations(IMeterFactory meters, TimeProvider clock)
    {
        _clock = clock;
        _histogram = meters.Create(GatewayMetrics.MeterName).CreateHistogram(
            Name, "s", "Duration of HTTP server requests.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationScale.OfConventions });
    }

    /// <param name="call">The request, which is over.</param>
    /// <param name="context">The request's.</param>
    public void Record(GatewayCall call, HttpContext context)
    {
        if (!_histogram.Enabled)
            return;

        var duration = _clock.GetElapsedTime(call.StartedAt);
        var kind = RequestKind.Of(context);
        DurationTally<RequestKind>? none = null;
        if (!_tallies.TryAdd(kind, duration, ref call.Plan is { } plan ? ref plan.Part<RouteMeasurements>()!.LastRequest : ref none))
            _histogram.Record(duration.TotalSeconds, kind.Tags());
    }

    public void HandOver()
    {
        foreach (var (kind, seconds, times) in _tallies.TakeOut())
            _histogram.Record(seconds, times, kind.Tags());
    }
}
