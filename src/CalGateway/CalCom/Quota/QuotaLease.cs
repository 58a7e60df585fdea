using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;

namespace CalGateway.CalCom.Quota;

/// <summary>What one request takes of a key's quota.</summary>
internal sealed class QuotaLease(QuotaBook quotas, in UpstreamDemand demand, Refusal? refusal) : RateLimitLease
{
    private readonly UpstreamDemand _demand = demand;

    public Refusal? Refusal { get; } = refusal;

    public override bool IsAcquired => Refusal is null;

    public override IEnumerable<string> MetadataNames => Refusal is null ? [] : [MetadataName.RetryAfter.Name];

    /// <summary>The request is on its way, and Cal.com may count it.</summary>
    public bool IsSent { get; private set; }

    public override bool TryGetMetadata(string metadataName, [NotNullWhen(true)] out object? metadata)
    {
        metadata = Refusal is not null && metadataName == MetadataName.RetryAfter.Name ? Refusal.RetryAfter : null;
        return metadata is not null;
    }

    public void Sent() => IsSent = true;

    /// <summary>Cal.com tells what is left.</summary>
    public void Answered(HttpResponseMessage answer)
    {
        IsSent = false;
        quotas.Note(_demand.Key, answer);
    }

    /// <summary>There will be no answer.</summary>
    public void Failed() => IsSent = false;
}
