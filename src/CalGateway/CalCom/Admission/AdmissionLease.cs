using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;

namespace CalGateway.CalCom.Admission;

/// <summary>
/// What a request to Cal.com holds from its admission until its end: its part of the quota and its place. Whoever sends the request reports here what becomes
/// of it, and disposes the lease at the end. A request that was never sent then counts nowhere.
/// </summary>
/// <param name="refusal">The refusal; null if the request is admitted.</param>
/// <param name="place">Its place in the bulkhead; null for a refusal.</param>
/// <param name="quota">Its part of the key's quota; null for a refusal.</param>
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

    /// <summary>To be called when the request is sent.</summary>
    public void Sent() => quota?.Sent();

    /// <summary>To be called when the headers of Cal.com's answer have come.</summary>
    /// <param name="mayFail">
    /// True for a request of the gateway's own that may be expected to fail, for example at a version that Cal.com does not serve. The circuit then counts neither
    /// its success nor its failure.
    /// </param>
    public void Answered(HttpResponseMessage answer, bool mayFail = false)
    {
        quota?.Answered(answer);
        place?.Report((int)answer.StatusCode switch
        {
            >= StatusCodes.Status500InternalServerError => mayFail ? Outcome.Unknown : Outcome.Failure,
            >= StatusCodes.Status400BadRequest => Outcome.Answered,
            _ => mayFail ? Outcome.Answered : Outcome.Success,
        });
    }

    /// <summary>To be called when there will be no answer.</summary>
    /// <param name="isUpstreams">True if Cal.com or the network failed; false if the caller hung up.</param>
    /// <param name="hadConnection">False if there was no connection, so that the request was certainly not sent.</param>
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
            place?.Release();
        }

        base.Dispose(disposing);
    }
}
