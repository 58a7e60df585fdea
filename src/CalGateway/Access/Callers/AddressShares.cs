using System.Collections.Concurrent;
using System.Net;

namespace CalGateway.Access.Callers;

/// <summary>A share for each client address. Those that are idle are let go of whenever as many again have come.</summary>
internal sealed class AddressShares(int requests, TimeSpan window)
{
    private const int Few = 1_000;

    /// <summary>By household, see <see cref="ClientAddress.Household"/>.</summary>
    private readonly ConcurrentDictionary<IPAddress, Share> _shares = new();
    private readonly Lock _sweeping = new();
    private int _next = Few;

    public TimeSpan? Take(IPAddress address)
    {
        var household = ClientAddress.Household(address);
        if (_shares.TryGetValue(household, out var known))
            return known.Take();

        var share = _shares.GetOrAdd(household, _ => new Share(requests, window));
        SweepWhereDue();
        return share.Take();
    }

    private void SweepWhereDue()
    {
        if (_shares.Count < Volatile.Read(ref _next) || !_sweeping.TryEnter())
            return;

        try
        {
            foreach (var idle in _shares.Where(pair => pair.Value.IsIdle))
                _shares.TryRemove(idle);
            Volatile.Write(ref _next, Math.Max(Few, _shares.Count * 2));
        }
        finally
        {
            _sweeping.Exit();
        }
    }
}
