using CalGateway.Configuration;

namespace CalGateway.Health.Ending;

/// <summary><c>CalGateway:Shutdown</c>: what happens between a signal and the end.</summary>
internal sealed class ShutdownOptions
{
    private const string Section = $"{GatewayOptions.Section}:Shutdown";

    /// <summary>Between the two an orchestrator looks at readiness, and takes the gateway from its list.</summary>
    private static readonly TimeSpan UsualDelay = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>
    /// For how long callers are still served after the signal, while readiness is 503 already. Zero to 5 minutes; the default is 5 seconds, and zero
    /// in a terminal.
    /// </summary>
    public TimeSpan? Delay { get; set; }

    /// <summary>How long what is under way may take after the delay. 1 second to 1 hour; the default is 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <param name="inTerminal">Whether somebody sits before it and waits for the prompt.</param>
    public TimeSpan DelayOrUsual(bool inTerminal) => Delay ?? (inTerminal ? TimeSpan.Zero : UsualDelay);

    public IEnumerable<Finding> Validate()
    {
        if (Delay < TimeSpan.Zero || Delay > LongestDelay)
            yield return Finding.Error($"Shutdown:Delay must lie between {TimeSpan.Zero:c} and {LongestDelay:c}.", $"{Section}:Delay");
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > LongestTimeout)
            yield return Finding.Error($"Shutdown:Timeout must lie between {TimeSpan.FromSeconds(1):c} and {LongestTimeout:c}.", $"{Section}:Timeout");
    }
}
