using CalGateway.Journey;

namespace CalGateway.Telemetry.Pulse;

/// <summary>The requests of one route. A cache hit costs one increment.</summary>
internal sealed class RouteBeat : IBeat
{
    private readonly int[] _byResult = new int[Enum.GetValues<CacheResult>().Length];
    private int _problems;
    private int _olderShapes;

    public bool IsEmpty => Requests == 0;

    public int Requests => _byResult.Sum();

    /// <summary>Those on which the cache had a say.</summary>
    public int Cacheable => Requests - _byResult[(int)CacheResult.None] - _byResult[(int)CacheResult.Bypass];

    /// <summary>Those of <see cref="Cacheable"/> that were answered with what was stored.</summary>
    public int FromStore => _byResult[(int)CacheResult.Hit] + _byResult[(int)CacheResult.Stale];

    public int Problems => Volatile.Read(ref _problems);

    public int OlderShapes => Volatile.Read(ref _olderShapes);

    public void Count(CacheResult result) => Interlocked.Increment(ref _byResult[(int)result]);

    public void CountProblem() => Interlocked.Increment(ref _problems);

    public void CountOlderShape() => Interlocked.Increment(ref _olderShapes);
}
