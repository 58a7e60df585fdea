using System.Diagnostics.Metrics;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Durations;

namespace CalGateway.CalCom.Traffic;

/// <summary>
/// The metrics of requests to Cal.com: the gateway's, and <c>http.client.request.duration</c> in place of HttpClient's own, which would be told at every
/// request and costs as much again for a clock of its own. HttpClient still tells how long connections last, and of clusters that are not Cal.com.
/// </summary>
internal sealed class UpstreamInstruments
{
    public const string Duration = "calgateway.upstream.duration";
    public const string ClientDuration = "http.client.request.duration";

    /// <summary>.NET's own, so that OpenTelemetry has one metric of that name, whoever measured.</summary>
    public const string ClientMeter = "System.Net.Http";

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _clientDuration;

    public UpstreamInstruments(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        _requests = meter.CreateCounter<long>("calgateway.upstream.requests", "{request}", "Requests to Cal.com, by route and by the answer's status or why there was none.");
        _duration = meter.CreateHistogram(
            Duration, "s", "Until Cal.com's answer began, or it was known that there would be none.", tags: null, Advice(DurationScale.OfUpstream));
        _clientDuration = meters.Create(ClientMeter).CreateHistogram(
            ClientDuration, "s", "Duration of HTTP client requests.", tags: null, Advice(DurationScale.OfConventions));
    }

    public bool AreHeard => _requests.Enabled || _duration.Enabled || _clientDuration.Enabled;

    /// <param name="kind">What kind of request it was.</param>
    /// <param name="seconds">How long it took.</param>
    /// <param name="times">How many there were.</param>
    public void Record(in UpstreamKind kind, double seconds, int times)
    {
        var tags = kind.Tags();
        _requests.Add(times, tags);
        _duration.Record(seconds, times, tags);
        _clientDuration.Record(seconds, times, kind.ConventionalTags());
    }

    private static InstrumentAdvice<double> Advice(double[] boundaries) => new() { HistogramBucketBoundaries = boundaries };
}
