using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Retrying;
using CalGateway.Configuration;

namespace CalGateway.CalCom;

/// <summary><c>CalGateway:Upstream</c>.</summary>
internal sealed class UpstreamOptions
{
    private const int MaxConcurrencyLimit = 10_000;

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

    public IEnumerable<Finding> Validate()
    {
        if (MaxConcurrency is < 0 or > MaxConcurrencyLimit)
            yield return Finding.Error($"Upstream:MaxConcurrency must lie between 0 and {MaxConcurrencyLimit} requests.", $"{GatewayOptions.Section}:Upstream:MaxConcurrency");
        foreach (var finding in Circuit.Validate().Concat(Retry.Validate()).Concat(Quota.Validate()))
            yield return finding;
    }
}
