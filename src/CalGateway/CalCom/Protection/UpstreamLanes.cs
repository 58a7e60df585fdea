using System.Collections.Concurrent;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Protection;

/// <summary>
/// The lanes to Cal.com, one for each destination and key. Their number is limited, because callers can bring any number of tokens of their own: when the limit
/// is reached, unused lanes are removed, and if that is not enough, further keys share the lane of requests without a key.
/// </summary>
internal sealed class UpstreamLanes(TimeProvider clock)
{
    private const int MaxLanes = 2_000;

    /// <summary>A lane that was not used for this time may be removed: its circuit counts nothing that is older.</summary>
    private static readonly TimeSpan IdleTimeout = RecentCounts.MaxDuration;

    /// <summary>At least this long between two removals of unused lanes: each looks at all lanes, and beyond the limit every new key asks for one.</summary>
    private static readonly TimeSpan RemovalInterval = TimeSpan.FromSeconds(1);

    /// <summary>The name of the lane for requests without a key, and for keys beyond the limit.</summary>
    private const string Unsigned = "";

    private readonly ConcurrentDictionary<(string Fingerprint, string Destination), UpstreamLane> _lanes = new();
    private int _count;
    private long _removedAt;

    public UpstreamLane Of(Signature? key, string destination)
    {
        var name = (key?.Fingerprint ?? Unsigned, destination);
        if (!_lanes.TryGetValue(name, out var lane))
            lane = Add(name);

        lane.UsedAt = clock.GetTimestamp();
        return lane;
    }

    /// <summary>The lane of a key and a destination; null if nothing was sent there with the key yet.</summary>
    public UpstreamLane? Find(Signature? key, string destination) => _lanes.GetValueOrDefault((key?.Fingerprint ?? Unsigned, destination));

    /// <summary>The lanes of a key: one for each destination that was asked with it.</summary>
    public IEnumerable<UpstreamLane> Of(Signature? key) =>
        _lanes.Where(lane => lane.Key.Fingerprint == (key?.Fingerprint ?? Unsigned)).Select(lane => lane.Value);

    /// <summary>The lanes of a key whose destination the settings still name.</summary>
    public IEnumerable<UpstreamLane> InUse(Signature? key, Revision revision)
    {
        var addresses = revision.CalComAddresses.ToHashSet(StringComparer.Ordinal);
        return Of(key).Where(lane => addresses.Contains(lane.Destination));
    }

    public IEnumerable<UpstreamLane> All => _lanes.Values;

    private UpstreamLane Add((string Fingerprint, string Destination) name)
    {
        if (Volatile.Read(ref _count) >= MaxLanes)
            RemoveIdle();
        if (Volatile.Read(ref _count) >= MaxLanes)
        {
            name = (Unsigned, name.Destination);
            if (_lanes.TryGetValue(name, out var shared))
                return shared;
        }

        var added = new UpstreamLane(name.Destination, clock);
        var lane = _lanes.GetOrAdd(name, added);
        if (ReferenceEquals(lane, added))
            Interlocked.Increment(ref _count);
        return lane;
    }

    private void RemoveIdle()
    {
        var last = Volatile.Read(ref _removedAt);
        if (last != 0 && clock.GetElapsedTime(last) < RemovalInterval)
            return;

        Volatile.Write(ref _removedAt, clock.GetTimestamp());
        foreach (var lane in _lanes)
        {
            if (lane.Value.IsIdle && clock.GetElapsedTime(lane.Value.UsedAt) > IdleTimeout && _lanes.TryRemove(lane))
                Interlocked.Decrement(ref _count);
        }
    }
}
