namespace CalGateway.Journey;

/// <summary>Whether the gateway has been told to end. It serves on for a while, and says to whoever asks that it is about to go.</summary>
internal sealed class DrainState
{
    private int _hasBegun;

    public bool HasBegun => Volatile.Read(ref _hasBegun) != 0;

    /// <summary>False where it had begun before.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _hasBegun, 1) == 0;
}
