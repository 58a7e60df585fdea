using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Recent;

namespace CalGateway.CalCom.Traffic;

/// <summary>Records every request to Cal.com once, for metrics and the status page: forwards, fills of the cache, and the gateway's own requests.</summary>
internal sealed class UpstreamTraffic(UpstreamDurations durations, RecentActivity activity, TimeProvider clock)
{
    private readonly UpstreamActivity _activity = activity.Upstream;

    public UpstreamRequest Begin(RoutePlan plan, string method, string destination) =>
        new(plan, HttpConventions.Method(method), destination, clock.GetTimestamp());

    /// <param name="mayFail">True for a request that may be expected to fail: it is counted in metrics, but does not change what is shown of Cal.com's health.</param>
    public void Answered(in UpstreamRequest sent, HttpResponseMessage answer, bool mayFail = false)
    {
        var status = (int)answer.StatusCode;
        var duration = Record(sent, answer.Version, status, error: null);
        if (!mayFail)
            _activity.Record(sent.Destination, duration, status);
    }

    /// <param name="error">The reason: a value of <see cref="ErrorTypes"/>.</param>
    /// <param name="mayFail">As for <see cref="Answered"/>.</param>
    public void Failed(in UpstreamRequest sent, string error, bool mayFail = false)
    {
        var duration = Record(sent, version: null, status: null, error);
        if (!mayFail && error != ErrorTypes.Cancelled) // the caller hung up, which says nothing about Cal.com
            _activity.Record(sent.Destination, duration, status: null);
    }

    private TimeSpan Record(in UpstreamRequest sent, Version? version, int? status, string? error)
    {
        var duration = clock.GetElapsedTime(sent.At);
        durations.Record(new UpstreamKind(sent.Plan.RouteId, sent.Method, sent.Destination, version, status, error), duration);
        return duration;
    }
}
