using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.Telemetry;

namespace CalGateway.CalCom.Admission;

/// <summary>
/// The one place where a request to Cal.com is admitted or refused. Forwards, fills and refreshes come from <see cref="AdmissionStage"/>; confirmations call this
/// themselves. The checks run in this order: an open circuit first, because that costs nothing; then the quota; then a place in the bulkhead. If the place came
/// before the quota, requests that wait for quota would hold places that others could use. Quota that waits for a place is given back if there is none.
/// </summary>
internal sealed class AdmissionControl(UpstreamGate gate, QuotaLimiter quota)
{
    /// <summary>Admits or refuses a request, after a short wait if the request may wait and that is likely to help.</summary>
    /// <exception cref="OperationCanceledException">The caller hung up while the request waited. It holds nothing.</exception>
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
                return new AdmissionLease(demand.Destination, refusal: null, place, taken);

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
        return new AdmissionLease(demand.Destination, refusal, place: null, quota: null);
    }
}
