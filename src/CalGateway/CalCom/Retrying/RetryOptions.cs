using CalGateway.Configuration;

namespace CalGateway.CalCom.Retrying;

/// <summary><c>CalGateway:Upstream:Retry</c>: what is sent to Cal.com a second time.</summary>
internal sealed class RetryOptions
{
    /// <summary>The default is true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The part of the requests of the last ten seconds that may be sent again. 0 (none) to 1; the default is a tenth.</summary>
    public double Budget { get; set; } = 0.1;

    public IEnumerable<Finding> Validate()
    {
        if (Budget is not (>= 0 and <= 1))
            yield return Finding.Error("Upstream:Retry:Budget must lie between 0 and 1.", $"{GatewayOptions.Section}:Upstream:Retry:Budget");
    }
}
