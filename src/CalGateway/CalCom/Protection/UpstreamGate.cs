using System.Diagnostics.Metrics;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Protection;

/// <summary>
/// Circuit breaker and bulkhead together. A request keeps its place until its answer is read to the end, because until then Cal.com is busy with it.
/// </summary>
internal sealed class UpstreamGate
{
    private readonly UpstreamLanes _lanes;
    private readonly Revisions _revisions;
    private readonly TimeProvider _clock;

    public UpstreamGate(UpstreamLanes lanes, Revisions revisions, CredentialBook credentials, IMeterFactory meters, TimeProvider clock)
    {
        (_lanes, _revisions, _clock) = (lanes, revisions, clock);
        meters.Create(GatewayMetrics.MeterName).CreateObservableGauge(
            "calgateway.upstream.circuit.state", () => CircuitReadings.Of(credentials.Own, revisions.Current, lanes), null,
            "Whether requests pass to Cal.com: 0 they do (closed), 1 nothing is sent (open), 2 one request tries whether it is back (half open).");
    }

    /// <summary>The refusal if the circuit is open and it is not yet time for a probe; otherwise null. Takes nothing.</summary>
    public Refusal? RefusalOf(in UpstreamDemand demand) =>
        _revisions.Current.Get<UpstreamOptions>().Circuit.Enabled && _lanes.Of(demand.Key, demand.Destination).Circuit.OpenFor is { Ticks: > 0 } wait
            ? GateRefusals.Open(wait)
            : null;

    /// <summary>Asks circuit and bulkhead, and waits for a place if the request may wait.</summary>
    /// <exception cref="OperationCanceledException">The caller hung up while the request waited. It holds nothing.</exception>
    public ValueTask<GateEntry> EnterAsync(in UpstreamDemand demand, CancellationToken cancellation)
    {
        var options = _revisions.Current.Get<UpstreamOptions>();
        var lane = _lanes.Of(demand.Key, demand.Destination);
        var pass = lane.Circuit.Enter(options.Circuit);
        if (pass.RefusedFor is { } wait)
            return new ValueTask<GateEntry>(new GateEntry(null, GateRefusals.Open(wait)));

        if (!demand.IsRetry)
            lane.Retries.Count();
        var place = new UpstreamPlace(lane, pass, _revisions);
        var entering = lane.Bulkhead.EnterAsync(demand.Class, demand.MayWait, options.MaxConcurrency, cancellation);
        return entering.IsCompletedSuccessfully ? new ValueTask<GateEntry>(EntryOf(place, entering.Result)) : WaitAsync(place, entering, demand.Class);
    }

    private async ValueTask<GateEntry> WaitAsync(UpstreamPlace place, ValueTask<Entry> entering, RequestClass @class)
    {
        var since = _clock.GetTimestamp();
        try
        {
            return EntryOf(place, await entering);
        }
        catch (OperationCanceledException)
        {
            place.Report(Outcome.Unknown);
            throw;
        }
        finally
        {
            UpstreamTags.WriteWait(UpstreamTags.ConcurrencyWaited, _clock.GetElapsedTime(since), QuotaMetrics.NameOf(@class)); // also where the caller hung up
        }
    }

    private static GateEntry EntryOf(UpstreamPlace place, Entry entry)
    {
        if (entry == Entry.Entered)
            return new GateEntry(place, null);

        place.Report(Outcome.Unknown);
        return new GateEntry(null, entry == Entry.Full ? GateRefusals.Full : GateRefusals.Open(place.OpenFor));
    }
}

/// <summary>Either a place at Cal.com or the refusal; the other one is null.</summary>
internal readonly record struct GateEntry(UpstreamPlace? Place, Refusal? Refusal);
