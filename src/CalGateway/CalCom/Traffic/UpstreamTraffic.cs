using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Recent;

namespace CalGateway.CalCom.Traffic;

/// <summary>
/// Every request to Cal.com is recorded here once, by whoever sends it: for a caller, behind the cache, or to confirm a mismatch.
/// </summary>
internal sealed class UpstreamTraffic(UpstreamDurations durations, RecentActivity activity, TimeProvider clock)
{
    private readonly UpstreamActivity _activity = activity.Upstream;

    /// <param name="plan">The route that it is sent for.</param>
    /// <param name="method">As it is sent.</param>
    /// <param name="destination">The base URL that it is sent to.</param>
    public UpstreamRequest Begin(RoutePlan plan, string method, string destination) =>
        new(plan, HttpWords.Method(method), destination, clock.GetTimestamp());

    /// <param name="sent">The request.</param>
    /// <param name="answer">Cal.com's, of which the headers have come.</param>
    public void Answered(in UpstreamRequest sent, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        _activity.Record(sent.Destination, Record(sent, answer.Version, status, error: null), status);
    }

    /// <param name="sent">The request.</param>
    /// <param name="error">As <see cref="FailureWords"/> has it.</param>
    public void Failed(in UpstreamRequest sent, string error)
    {
        var duration = Record(sent, version: null, status: null, error);
        if (error != FailureWords.Cancelled) // that was not Cal.com's doing
            _activity.Record(sent.Destination, duration, status: null);
    }

    /// <summary>The answer to a request that no caller waits for and that may well fail: it is counted, and says nothing about how Cal.com is.</summary>
    /// <param name="sent">The request.</param>
    /// <param name="answer">Cal.com's, of which the headers have come.</param>
    public void AnsweredAside(in UpstreamRequest sent, HttpResponseMessage answer) => Record(sent, answer.Version, (int)answer.StatusCode, error: null);

    /// <inheritdoc cref="AnsweredAside"/>
    /// <param name="sent">The request.</param>
    /// <param name="error">As <see cref="FailureWords"/> has it.</param>
    public void FailedAside(in UpstreamRequest sent, string error) => Record(sent, version: null, status: null, error);

    private TimeSpan Record(in UpstreamRequest sent, Version? version, int? status, string? error)
    {
        var duration = clock.GetElapsedTime(sent.At);
        durations.Record(new UpstreamKind(sent.Plan.RouteId, sent.Method, sent.Destination, version, status, error), duration);
        return duration;
    }
}
