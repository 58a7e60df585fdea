namespace CalGateway.CalCom.Retrying;

/// <summary><c>CalGateway:Upstream:Retry</c>: when a request is sent to Cal.com a second time.</summary>
internal sealed class RetryOptions
{
    /// <summary>Whether there are retries. The default is true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How many retries are allowed for each request of the last ten seconds. 0 (none) to 1; the default is 0.1.</summary>
    public double Budget { get; set; } = 0.1;
}
