using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;

namespace CalGateway.CalCom.Admission;

/// <summary>
/// The one place where a request to Cal.com is let through or refused: forwards, fills and refreshes come from <see cref="AdmissionStage"/>, confirmations and
/// doctor ask by themselves. What a request must pass stands here in order, the cheapest refusal first; the quota is last, because what it gives is used up.
/// </summary>
internal sealed class AdmissionControl(UpstreamGate gate, QuotaLimiter quota)
{
    /// <summary>Waits for a moment where the request may and it is worth it.</summary>
    public async ValueTask<AdmissionLease> EnterAsync(UpstreamDemand demand, CancellationToken cancellation)
    {
        var (place, shut) = await gate.EnterAsync(demand, cancellation);
        if (place is null)
            return new AdmissionLease(demand, shut, place: null, quota: null);

        try
        {
            var taken = (QuotaLease)await quota.AcquireAsync(demand, permitCount: 1, cancellation);
            return new AdmissionLease(demand, taken.Refusal, place, taken);
        }
        catch
        {
            place.Leave();
            throw;
        }
    }
}
