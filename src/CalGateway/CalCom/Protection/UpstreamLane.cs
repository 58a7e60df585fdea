using CalGateway.CalCom.Retrying;

namespace CalGateway.CalCom.Protection;

/// <summary>Circuit, bulkhead and retry budget of one destination and one key.</summary>
/// <param name="destination">The base URL of the destination.</param>
/// <param name="clock">The clock of the circuit and of the budget.</param>
internal sealed class UpstreamLane(string destination, TimeProvider clock)
{
    public string Destination { get; } = destination;

    public Circuit Circuit { get; } = new(clock);

    public Bulkhead Bulkhead { get; } = new();

    public RetryBudget Retries { get; } = new(clock);

    /// <summary>When the lane was last used, as a timestamp of the clock.</summary>
    public long UsedAt { get; set; }

    /// <summary>True if the lane holds no state that matters, so that it can be removed.</summary>
    public bool IsIdle => Circuit.State == CircuitState.Closed && Bulkhead is { Active: 0, Waiting: 0 };
}
