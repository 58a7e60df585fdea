using System.Threading.RateLimiting;
using CalGateway.CalCom.Admission;
using CalGateway.Problems;

namespace CalGateway.CalCom.Quota;

/// <summary>The quota of each key: a request takes one of what its key has left.</summary>
internal sealed class QuotaLimiter(QuotaBook quotas) : PartitionedRateLimiter<UpstreamDemand>
{
    public override RateLimiterStatistics? GetStatistics(UpstreamDemand resource) => null;

    protected override RateLimitLease AttemptAcquireCore(UpstreamDemand resource, int permitCount) => new QuotaLease(quotas, resource, Refusal(resource));

    protected override ValueTask<RateLimitLease> AcquireAsyncCore(UpstreamDemand resource, int permitCount, CancellationToken cancellationToken) =>
        new(AttemptAcquireCore(resource, permitCount));

    private Refusal? Refusal(in UpstreamDemand demand) => quotas.ExhaustedFor(demand.Key) is { } wait ? RefusalUntil(wait) : null;

    /// <param name="wait">Until the key has requests again.</param>
    private static Refusal RefusalUntil(TimeSpan wait) => new(
        ProblemTypes.QuotaExhausted, wait, "The key has made as many requests as Cal.com allows in the time that runs. Nothing was sent.", "Ask again after Retry-After.");
}
