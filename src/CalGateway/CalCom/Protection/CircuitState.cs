namespace CalGateway.CalCom.Protection;

/// <summary>The numbers are those of Polly's <c>CircuitState</c>, and of the metric <c>calgateway.upstream.circuit.state</c>.</summary>
internal enum CircuitState
{
    /// <summary>Requests pass.</summary>
    Closed = 0,

    /// <summary>Nothing is sent.</summary>
    Open = 1,

    /// <summary>One request tries whether the upstream is back.</summary>
    HalfOpen = 2,
}

/// <summary>What a request tells of the upstream.</summary>
internal enum Outcome
{
    /// <summary>Nothing: it was not sent, or its caller hung up.</summary>
    Unknown,

    /// <summary>There was an answer, which is the caller's matter (4xx): the upstream is there. It proves nothing about others.</summary>
    Answered,

    Success,

    /// <summary>No connection, no answer in time, a broken one, or a 5xx.</summary>
    Failure,
}

/// <summary>Leave to send a request, or not.</summary>
/// <param name="RefusedFor">Until when it should not ask again; null where it may be sent.</param>
/// <param name="Period">The period between two changes of state that it belongs to: what ends in a later one tells nothing about that.</param>
/// <param name="IsProbe">It is the one that tries whether the upstream is back.</param>
internal readonly record struct CircuitPass(TimeSpan? RefusedFor, long Period, bool IsProbe);
