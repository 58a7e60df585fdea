using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;

namespace CalGateway.CalCom.Admission;

/// <summary>
/// What a request to Cal.com holds from its admission until it is over. It is told what becomes of the request, and gives back what it holds when it is
/// disposed of; what was never sent then counts nowhere.
/// </summary>
/// <param name="demand">The request.</param>
/// <param name="refusal">Why it must not be sent; null where it may.</param>
/// <param name="place">Its place at Cal.com; null where there was none.</param>
/// <param name="quota">What it takes of the key's quota; null for a refusal.</param>
internal sealed class AdmissionLease(in UpstreamDemand demand, Refusal? refusal, UpstreamPlace? place, QuotaLease? quota) : RateLimitLease
{
    private readonly UpstreamDemand _demand = demand;

    public ref readonly UpstreamDemand Demand => ref _demand;

    public Refusal? Refusal { get; } = refusal;

    public override bool IsAcquired => Refusal is null;

    public override IEnumerable<string> MetadataNames => Refusal is null ? [] : [MetadataName.RetryAfter.Name, MetadataName.ReasonPhrase.Name];

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = Refusal is null ? null
            : metadataName == MetadataName.RetryAfter.Name ? Refusal.RetryAfter
            : metadataName == MetadataName.ReasonPhrase.Name ? Refusal.Detail
            : null;
        return metadata is not null;
    }

    /// <summary>The request is on its way.</summary>
    public void Sent() => quota?.Sent();

    /// <summary>The headers of Cal.com's answer have come.</summary>
    public void Answered(HttpResponseMessage answer)
    {
        quota?.Answered(answer);
        place?.Report((int)answer.StatusCode switch
        {
            >= StatusCodes.Status500InternalServerError => Outcome.Failure,
            >= StatusCodes.Status400BadRequest => Outcome.Answered,
            _ => Outcome.Success,
        });
    }

    /// <summary>There will be no answer.</summary>
    /// <param name="isUpstreams">It is Cal.com's doing, or of the way there, and not the caller's.</param>
    /// <param name="hadConnection">Otherwise it was certainly not sent.</param>
    public void Failed(bool isUpstreams, bool hadConnection)
    {
        quota?.Failed(hadConnection);
        place?.Report(isUpstreams ? Outcome.Failure : Outcome.Unknown);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            quota?.Dispose();
            place?.Leave();
        }

        base.Dispose(disposing);
    }
}
