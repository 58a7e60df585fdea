using System.Collections.Concurrent;
using System.Net;

namespace CalGateway.Access.Callers;

/// <summary>A rate limiter for each client address. Idle ones are removed whenever the number of limiters has doubled.</summary>
internal sealed class AddressLimiters(int requests, TimeSpan window, TimeProvider clock)
{
    private const int MinCountToSweep = 1_000;

    /// <summary>By the prefix of the address (<see cref="ClientAddress.PrefixOf"/>).</summary>
    private readonly ConcurrentDictionary<IPAddress, WindowLimiter> _limiters = new();
    private readonly Lock _sweeping = new();
    private int _countToSweep = MinCountToSweep;

    public TimeSpan? Take(IPAddress address)
    {
        var prefix = ClientAddress.PrefixOf(address);
        if (_limiters.TryGetValue(prefix, out var known))
            return known.Take();

        var limiter = _limiters.GetOrAdd(prefix, _ => new WindowLimiter(requests, window, clock));
        SweepIfDue();
        return limiter.Take();
    }

    private void SweepIfDue()
    {
        if (_limiters.Count < Volatile.Read(ref _countToSweep) || !_sweeping.TryEnter())
            return;

        try
        {
            foreach (var idle in _limiters.Where(pair => pair.Value.IsIdle))
                _limiters.TryRemove(idle);
            Volatile.Write(ref _countToSweep, Math.Max(MinCountToSweep, _limiters.Count * 2));
        }
        finally
        {
            _sweeping.Exit();
        }
    }
}
