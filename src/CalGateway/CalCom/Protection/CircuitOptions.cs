namespace CalGateway.CalCom.Protection;

/// <summary><c>CalGateway:Upstream:Circuit</c>: when requests to a failing Cal.com are paused. The names are those of Polly's circuit breaker.</summary>
internal sealed class CircuitOptions
{
    /// <summary>Whether there is a circuit breaker. The default is true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The circuit opens when this part of the requests has failed. 0.01 to 1; the default is 0.5.</summary>
    public double FailureRatio { get; set; } = 0.5;

    /// <summary>With fewer requests within the sampling duration the circuit stays closed. 2 to 10,000 requests; the default is 10.</summary>
    public int MinimumThroughput { get; set; } = 10;

    /// <summary>Only requests that ended within this time count. 1 second to 1 minute; the default is 10 seconds.</summary>
    public TimeSpan SamplingDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long nothing is sent before one request tries. 0.5 seconds to 5 minutes; the default is 5 seconds.</summary>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromSeconds(5);
}
