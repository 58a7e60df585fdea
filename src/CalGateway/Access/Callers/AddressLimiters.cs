using System.Collections.Concurrent;
using System.Net;

namespace CalGateway.Access.Callers;

/// <summary>A rate limiter for each client address. Idle ones are removed whenever the number of limiters has doubled.</summary>
internal sealed class AddressLimiters(int requests, TimeSpan window, TimeProvider clock)
{
    private const int MinCountToSweep = 1_000;

    /// <summary>The keys are the addresses of <see cref="ClientAddress.Household"/>.</summary>
    private readonly ConcurrentDictionary<IPAddress, WindowLimiter> _limiters = new();
    private readonly Lock _sweeping = new();
    private int _countToSweep = MinCountToSweep;

    public TimeSpan? Take(IPAddress address)
    {
        var household = ClientAddress.Household(address);
        if (_limiters.TryGetValue(household, out var known))
            return known.Take();

        var limiter = _limiters.GetOrAdd(household, _ => new WindowLimiter(requests, window, clock));
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
