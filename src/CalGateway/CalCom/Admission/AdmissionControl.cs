using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Admission;

/// <summary>
/// The one place where a request to Cal.com is let through or refused: forwards, fills and refreshes come from <see cref="AdmissionStage"/>, confirmations ask by
/// themselves. What a request must pass stands here in order. An open circuit is the cheapest refusal. The quota comes before the place at Cal.com: a place that
/// waits for quota would keep out those who have it, while quota that waits for a place would be spent on it anyway, and is given back where there is none.
/// </summary>
internal sealed class AdmissionControl(UpstreamGate gate, QuotaLimiter quota)
{
    /// <summary>Waits for a moment where the request may and it is worth it.</summary>
    /// <exception cref="OperationCanceledException">Whoever asked went away meanwhile, and holds nothing.</exception>
    public async ValueTask<AdmissionLease> EnterAsync(UpstreamDemand demand, CancellationToken cancellation)
    {
        if (gate.RefusalOf(demand) is { } open)
            return Refuse(demand, open);

        var taken = (QuotaLease)await quota.AcquireAsync(demand, permitCount: 1, cancellation);
        if (taken.Refusal is { } none)
            return Refuse(demand, none);

        try
        {
            var (place, refusal) = await gate.EnterAsync(demand, cancellation);
            if (refusal is null)
                return new AdmissionLease(demand, refusal: null, place, taken);

            taken.Dispose();
            return Refuse(demand, refusal);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    private static AdmissionLease Refuse(in UpstreamDemand demand, Refusal refusal)
    {
        UpstreamTags.WriteRefusal(refusal.Reason, QuotaMetrics.NameOf(demand.Class));
        return new AdmissionLease(demand, refusal, place: null, quota: null);
    }
}
