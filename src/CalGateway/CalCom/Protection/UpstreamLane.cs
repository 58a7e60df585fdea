using CalGateway.CalCom.Retrying;

namespace CalGateway.CalCom.Protection;

/// <summary>What is known of one destination as one key meets it, and who is there on its behalf.</summary>
/// <param name="destination">The base URL.</param>
/// <param name="clock">Times the circuit.</param>
internal sealed class UpstreamLane(string destination, TimeProvider clock)
{
    public string Destination { get; } = destination;

    public Circuit Circuit { get; } = new(clock);

    public Bulkhead Bulkhead { get; } = new();

    public RetryBudget Retries { get; } = new(clock);

    /// <summary>When it was last asked for, as a timestamp of the clock.</summary>
    public long UsedAt { get; set; }

    /// <summary>Nothing would be lost with it.</summary>
    public bool IsIdle => Circuit.State == CircuitState.Closed && Bulkhead is { Active: 0, Waiting: 0 };
}
