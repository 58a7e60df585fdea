using CalGateway.Sandbox.Faulting;

namespace CalGateway.Sandbox;

/// <summary>The faults in force. A request gets the first one that matches and is not used up.</summary>
public sealed class Faults
{
    private readonly Lock gate = new();
    private volatile ActiveFault[] active = [];

    /// <summary>The faults that are not used up, in the order in which they are tried.</summary>
    public IReadOnlyList<Fault> All => [.. active.Where(fault => !fault.IsUsedUp).Select(fault => fault.Fault)];

    public void Add(Fault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (gate)
            active = [.. active.Where(other => !other.IsUsedUp), new ActiveFault(fault)];
    }

    /// <summary>Removes all faults, and releases the requests that hang or wait because of one.</summary>
    public void Clear()
    {
        ActiveFault[] ended;
        lock (gate)
        {
            ended = active;
            active = [];
        }

        foreach (var fault in ended)
            fault.End();
    }

    internal ActiveFault? Strike(string method, string path)
    {
        foreach (var fault in active)
        {
            if (fault.Matches(method, path) && fault.TryStrike())
                return fault;
        }

        return null;
    }
}
