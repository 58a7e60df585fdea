using System.Collections.Concurrent;
using System.Net;

namespace CalGateway.Access.Callers;

/// <summary>A rate limiter for each client address. Idle ones are removed whenever the number has doubled.</summary>
internal sealed class AddressLimiters(int requests, TimeSpan window)
{
    private const int Few = 1_000;

    /// <summary>By household, see <see cref="ClientAddress.Household"/>.</summary>
    private readonly ConcurrentDictionary<IPAddress, WindowLimiter> _limiters = new();
    private readonly Lock _sweeping = new();
    private int _next = Few;

    public TimeSpan? Take(IPAddress address)
    {
        var household = ClientAddress.Household(address);
        if (_limiters.TryGetValue(household, out var known))
            return known.Take();

        var limiter = _limiters.GetOrAdd(household, _ => new WindowLimiter(requests, window));
        SweepWhereDue();
        return limiter.Take();
    }

    private void SweepWhereDue()
    {
        if (_limiters.Count < Volatile.Read(ref _next) || !_sweeping.TryEnter())
            return;

        try
        {
            foreach (var idle in _limiters.Where(pair => pair.Value.IsIdle))
                _limiters.TryRemove(idle);
            Volatile.Write(ref _next, Math.Max(Few, _limiters.Count * 2));
        }
        finally
        {
            _sweeping.Exit();
        }
    }
}
