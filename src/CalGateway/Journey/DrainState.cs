namespace CalGateway.Journey;

/// <summary>Whether the gateway is ending: it still serves requests, but readiness and answers say so.</summary>
internal sealed class DrainState
{
    private int _hasBegun;

    public bool HasBegun => Volatile.Read(ref _hasBegun) != 0;

    /// <summary>False if it had begun already.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _hasBegun, 1) == 0;
}
