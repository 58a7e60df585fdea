using System.Diagnostics.Metrics;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Pulse;

namespace CalGateway.CalCom.Traffic;

/// <summary>
/// Every request to Cal.com is told here once, by whoever sent it: for a caller, behind the cache, or to confirm a mismatch.
/// </summary>
internal sealed class UpstreamTraffic
{
    private const string Status = "http.response.status_code";
    private const string ErrorType = "error.type";

    private static readonly object[] Statuses = [.. Enumerable.Range(100, 500).Select(status => (object)status)];

    private readonly TimeProvider _clock;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly UpstreamPulse _pulse;

    public UpstreamTraffic(IMeterFactory meters, CredentialBook credentials, QuotaBook quotas, Revisions revisions, PulseRecorder pulse, TimeProvider clock)
    {
        _clock = clock;
        _pulse = pulse.Upstream;
        var meter = meters.Create(GatewayMetrics.MeterName);
        _requests = meter.CreateCounter<long>("calgateway.upstream.requests", "{request}", "Requests to Cal.com, by route and by the answer's status or why there was none.");
        _duration = meter.CreateHistogram(
            "calgateway.upstream.duration", "s", "Until Cal.com's answer began, or it was known that there would be none.",
            tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30] });
        meter.CreateObservableGauge(
            "calgateway.upstream.quota.remaining", () => QuotaReadings.Of(credentials.Own, revisions.Current.Access.Accounts, quotas), "{request}",
            "Requests that Cal.com has left to a credential in the minute that runs, as its last answer said.");
    }

    /// <summary>The moment at which a request is sent.</summary>
    public long Now() => _clock.GetTimestamp();

    /// <param name="route">The route's id.</param>
    /// <param name="sentAt">What <see cref="Now"/> said then.</param>
    /// <param name="status">Cal.com's.</param>
    public void Answered(string route, long sentAt, int status)
    {
        var duration = Record(route, sentAt, new(Status, status is >= 100 and < 600 ? Statuses[status - 100] : status));
        _pulse.Record(duration, status);
    }

    /// <param name="route">The route's id.</param>
    /// <param name="sentAt">What <see cref="Now"/> said then.</param>
    /// <param name="error">One of a few words, as <see cref="FailureWords"/> has them.</param>
    public void Failed(string route, long sentAt, string error)
    {
        var duration = Record(route, sentAt, new(ErrorType, error));
        if (error != FailureWords.Cancelled) // that was not Cal.com's doing
            _pulse.Record(duration, status: null);
    }

    private TimeSpan Record(string route, long sentAt, KeyValuePair<string, object?> outcome)
    {
        var where = new KeyValuePair<string, object?>("calgateway.route", route);
        var duration = _clock.GetElapsedTime(sentAt);
        _requests.Add(1, where, outcome);
        _duration.Record(duration.TotalSeconds, where, outcome);
        return duration;
    }
}
