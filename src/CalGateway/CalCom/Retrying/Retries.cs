using System.Diagnostics.Metrics;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Retrying;

/// <summary>Decides whether there is room for a retry, and counts retries by outcome.</summary>
internal sealed class Retries(IMeterFactory meters, Revisions revisions, UpstreamLanes lanes, QuotaLimiter quotas)
{
    private readonly Counter<long> _counter = meters.Create(GatewayMetrics.MeterName).CreateCounter<long>(
        "calgateway.upstream.retries", "{request}", "Requests that were to be sent to Cal.com once more, by outcome.");

    public bool AreEnabled => revisions.Current.Get<UpstreamOptions>().Retry is { Enabled: true, Budget: > 0 };

    /// <summary>Takes a retry from the budget. Returns false if the budget is used up, the key's quota is low, or the circuit is not closed.</summary>
    public bool TryTake(GatewayCall call, string destination)
    {
        var lane = lanes.Of(call.Signature, destination);
        var may = lane.Circuit.State == CircuitState.Closed
            && !(quotas.FreeFor(RequestClass.Curiosity, call.Signature) <= 0)
            && lane.Retries.TryTake(revisions.Current.Get<UpstreamOptions>().Retry.Budget);
        if (!may)
            Count("refused");
        return may;
    }

    public void Count(bool success) => Count(success ? "success" : "failure");

    private void Count(string outcome)
    {
        _counter.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        UpstreamTags.WriteRetry(outcome);
    }
}
