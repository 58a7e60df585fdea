using CalGateway.Configuration;

namespace CalGateway.Health.Ending;

/// <summary><c>CalGateway:Shutdown</c>: how long the gateway continues to serve after a signal.</summary>
internal sealed class ShutdownOptions
{
    private const string Section = $"{GatewayOptions.Section}:Shutdown";

    /// <summary>Long enough for an orchestrator to notice that the gateway is not ready, and to send no more requests.</summary>
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(1);

    /// <summary>
    /// How long callers are still served after the signal, while readiness is already 503. Zero to 5 minutes; the default is 5 seconds, and zero in a
    /// terminal.
    /// </summary>
    public TimeSpan? Delay { get; set; }

    /// <summary>How long requests may still run after the delay. 1 second to 1 hour; the default is 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <param name="inTerminal">In a terminal a person waits for the prompt, so there is no delay by default.</param>
    public TimeSpan DelayOrDefault(bool inTerminal) => Delay ?? (inTerminal ? TimeSpan.Zero : DefaultDelay);

    public IEnumerable<Finding> Validate()
    {
        if (Delay < TimeSpan.Zero || Delay > MaxDelay)
            yield return Finding.Error($"Shutdown:Delay must lie between {TimeSpan.Zero:c} and {MaxDelay:c}.", $"{Section}:Delay");
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > MaxTimeout)
            yield return Finding.Error($"Shutdown:Timeout must lie between {TimeSpan.FromSeconds(1):c} and {MaxTimeout:c}.", $"{Section}:Timeout");
    }
}
