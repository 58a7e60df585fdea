using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Retrying;
using CalGateway.Configuration;

namespace CalGateway.CalCom;

/// <summary><c>CalGateway:Upstream</c>.</summary>
internal sealed class UpstreamOptions
{
    /// <summary>
    /// Whether the trace context (<c>traceparent</c>, <c>tracestate</c>) is sent to Cal.com, for a Cal.com that the operator runs. Baggage is never sent.
    /// The default is false.
    /// </summary>
    public bool TraceContext { get; set; }

    /// <summary>
    /// How many requests of one key may be at Cal.com at once, from admission to the end of the answer, and how many more may wait for a place. 1 to 10,000
    /// requests, or 0 for no limit; the default is 100.
    /// </summary>
    public int MaxConcurrency { get; set; } = 100;

    public CircuitOptions Circuit { get; set; } = new();

    public RetryOptions Retry { get; set; } = new();

    public QuotaOptions Quota { get; set; } = new();

    /// <summary>The ranges of durations and fractions. The schema checks those of whole numbers.</summary>
    public IEnumerable<Finding> Validate() =>
    [
        .. Within("Circuit:FailureRatio", Circuit.FailureRatio, 0.01, 1),
        .. Finding.Within("Upstream:Circuit:SamplingDuration", Circuit.SamplingDuration, TimeSpan.FromSeconds(1), RecentCounts.MaxDuration),
        .. Finding.Within("Upstream:Circuit:BreakDuration", Circuit.BreakDuration, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(5)),
        .. Within("Retry:Budget", Retry.Budget, 0, 1),
        .. Finding.Within("Upstream:Quota:Wait", Quota.Wait, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        .. Within("Quota:KeptForWrites", Quota.KeptForWrites, 0, 0.9),
        .. Within("Quota:KeptFromRefreshes", Quota.KeptFromRefreshes, 0, 1),
        .. Within("Quota:KeptFromCuriosity", Quota.KeptFromCuriosity, 0, 1),
    ];

    private static IEnumerable<Finding> Within(string name, double value, double least, double most)
    {
        if (!(value >= least && value <= most)) // NaN is neither
            yield return Finding.Error(FormattableString.Invariant($"Upstream:{name} must lie between {least} and {most}."), $"{GatewayOptions.Section}:Upstream:{name}");
    }
}
