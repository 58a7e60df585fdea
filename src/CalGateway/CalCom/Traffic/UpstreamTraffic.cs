using System.Diagnostics.Metrics;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Pulse;

namespace CalGateway.CalCom.Traffic;

/// <summary>
/// Every request to Cal.com is told here once, by whoever sent it: for a caller, behind the cache, or to confirm a mismatch.
/// </summary>
internal sealed class UpstreamTraffic : ITallied
{
    private readonly DurationTallies<UpstreamKind> _tallies = new();
    private readonly TimeProvider _clock;
    private readonly UpstreamInstruments _instruments;
    private readonly UpstreamPulse _pulse;

    public UpstreamTraffic(IMeterFactory meters, CredentialBook credentials, QuotaBook quotas, Revisions revisions, PulseRecorder pulse, TimeProvider clock)
    {
        _clock = clock;
        _pulse = pulse.Upstream;
        _instruments = new UpstreamInstruments(meters);
        meters.Create(GatewayMetrics.MeterName).CreateObservableGauge(
            "calgateway.upstream.quota.remaining", () => QuotaReadings.Of(credentials.Own, revisions.Current.Get<OtherAccounts>().ByName, quotas), "{request}",
            "Requests that Cal.com has left to a credential in the minute that runs, as its last answer said.");
    }

    /// <param name="plan">The route that it is sent for.</param>
    /// <param name="method">As it is sent.</param>
    /// <param name="destination">The base URL that it is sent to.</param>
    public UpstreamRequest Begin(RoutePlan plan, string method, string destination) =>
        new(plan, HttpWords.Method(method), destination, _clock.GetTimestamp());

    /// <param name="sent">The request.</param>
    /// <param name="answer">Cal.com's, of which the headers have come.</param>
    public void Answered(in UpstreamRequest sent, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        _pulse.Record(Record(sent, answer.Version, status, error: null), status);
    }

    /// <param name="sent">The request.</param>
    /// <param name="error">One of a few words, as <see cref="FailureWords"/> has them.</param>
    public void Failed(in UpstreamRequest sent, string error)
    {
        var duration = Record(sent, version: null, status: null, error);
        if (error != FailureWords.Cancelled) // that was not Cal.com's doing
            _pulse.Record(duration, status: null);
    }

    public void HandOver()
    {
        foreach (var (kind, seconds, times) in _tallies.TakeOut())
            _instruments.Record(kind, seconds, times);
    }

    private TimeSpan Record(in UpstreamRequest sent, Version? version, int? status, string? error)
    {
        var duration = _clock.GetElapsedTime(sent.At);
        var kind = new UpstreamKind(sent.Plan.RouteId, sent.Method, sent.Destination, version, status, error);
        if (_instruments.AreHeard && !_tallies.TryAdd(kind, duration, ref sent.Plan.Part<RouteUpstream>()!.LastSent))
            _instruments.Record(kind, duration.TotalSeconds, times: 1);
        return duration;
    }
}
