using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Protection;

/// <summary>
/// Circuit breaker and bulkhead together. A request keeps its place until its answer is read to the end, because until then Cal.com is busy with it.
/// </summary>
internal sealed class UpstreamGate(UpstreamLanes lanes, Revisions revisions, TimeProvider clock)
{
    /// <summary>The refusal if the circuit is open and it is not yet time for a probe; otherwise null. Takes nothing.</summary>
    public Refusal? RefusalOf(in UpstreamDemand demand) =>
        revisions.Current.Get<UpstreamOptions>().Circuit.Enabled && lanes.Of(demand.Key, demand.Destination).Circuit.OpenFor is { Ticks: > 0 } wait
            ? Refusal.CircuitOpen(wait)
            : null;

    /// <exception cref="OperationCanceledException">The caller hung up while the request waited. It holds nothing.</exception>
    public ValueTask<GateEntry> EnterAsync(in UpstreamDemand demand, CancellationToken cancellation)
    {
        var options = revisions.Current.Get<UpstreamOptions>();
        var lane = lanes.Of(demand.Key, demand.Destination);
        var pass = lane.Circuit.Enter(options.Circuit);
        if (pass.RefusedFor is { } wait)
            return new ValueTask<GateEntry>(new GateEntry(null, Refusal.CircuitOpen(wait)));

        if (!demand.IsRetry)
            lane.Retries.Count();
        var place = new UpstreamPlace(lane, pass, revisions);
        var entering = lane.Bulkhead.EnterAsync(demand.Class, demand.MayWait, options.MaxConcurrency, cancellation);
        return entering.IsCompletedSuccessfully ? new ValueTask<GateEntry>(EntryOf(place, entering.Result)) : WaitAsync(place, entering, demand.Class);
    }

    private async ValueTask<GateEntry> WaitAsync(UpstreamPlace place, ValueTask<Entry> entering, RequestClass @class)
    {
        var since = clock.GetTimestamp();
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
            UpstreamTags.WriteWait(UpstreamTags.ConcurrencyWaited, clock.GetElapsedTime(since), QuotaMetrics.NameOf(@class)); // also where the caller hung up
        }
    }

    private static GateEntry EntryOf(UpstreamPlace place, Entry entry)
    {
        if (entry == Entry.Entered)
            return new GateEntry(place, null);

        place.Report(Outcome.Unknown);
        return new GateEntry(null, entry == Entry.Full ? Refusal.Full : Refusal.CircuitOpen(place.OpenFor));
    }
}

/// <summary>Either a place at Cal.com or the refusal; the other one is null.</summary>
internal readonly record struct GateEntry(UpstreamPlace? Place, Refusal? Refusal);
