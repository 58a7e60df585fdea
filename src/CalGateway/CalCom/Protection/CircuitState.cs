namespace CalGateway.CalCom.Protection;

/// <summary>The state of a circuit. The numbers are those of Polly's <c>CircuitState</c> and of the metric <c>calgateway.upstream.circuit.state</c>.</summary>
internal enum CircuitState
{
    Closed = 0,

    Open = 1,

    /// <summary>One request, the probe, tries whether the upstream is back.</summary>
    HalfOpen = 2,
}

/// <summary>What the end of a request says about the upstream.</summary>
internal enum Outcome
{
    /// <summary>Nothing: the request was not sent, or its caller hung up.</summary>
    Unknown,

    /// <summary>A 4xx, which the caller has to deal with. It closes the circuit if it answers a probe, and otherwise counts neither as success nor as failure.</summary>
    Answered,

    /// <summary>A 1xx, 2xx or 3xx.</summary>
    Success,

    /// <summary>No connection, no answer in time, a broken one, or a 5xx.</summary>
    Failure,
}

/// <summary>Whether a request may be sent.</summary>
/// <param name="RefusedFor">How long the circuit stays open; null if the request may be sent.</param>
/// <param name="Period">The number of the period between two changes of state in which the request entered. If it ends in a later period, its outcome does not count.</param>
/// <param name="IsProbe">True for the request that tries whether the upstream is back.</param>
internal readonly record struct CircuitPass(TimeSpan? RefusedFor, long Period, bool IsProbe);
