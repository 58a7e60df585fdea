using CalGateway.Configuration;

namespace CalGateway.Health.Ending;

/// <summary><c>CalGateway:Shutdown</c>: how long the gateway continues to serve after a signal.</summary>
internal sealed class ShutdownOptions
{
    /// <summary>Long enough for an orchestrator to notice that the gateway is not ready, and to send no more requests.</summary>
    private static readonly TimeSpan DefaultDelay = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long callers are still served after the signal, while readiness is already 503. Zero to 5 minutes; the default is 5 seconds, and zero in a
    /// terminal.
    /// </summary>
    public TimeSpan? Delay { get; set; }

    /// <summary>How long requests may still run after the delay. 1 second to 1 hour; the default is 30 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <param name="inTerminal">In a terminal a person waits for the prompt, so there is no delay by default.</param>
    public TimeSpan DelayOrDefault(bool inTerminal) => Delay ?? (inTerminal ? TimeSpan.Zero : DefaultDelay);

    public IEnumerable<Finding> Validate() =>
    [
        .. Finding.Within("Shutdown:Delay", Delay, TimeSpan.Zero, TimeSpan.FromMinutes(5)),
        .. Finding.Within("Shutdown:Timeout", Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
    ];
}
