using System.Collections.Concurrent;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Protection;

/// <summary>
/// The lanes to Cal.com, one for each destination and key. Callers can bring any number of tokens of their own, so their number is bounded: lanes that nobody
/// uses go first, and beyond the bound the tokens share one.
/// </summary>
internal sealed class UpstreamLanes(TimeProvider clock)
{
    private const int Most = 2_000;

    /// <summary>By then a circuit has forgotten what it counted.</summary>
    private static readonly TimeSpan Kept = RecentCounts.Longest;

    /// <summary>For requests without a key, and for those beyond the bound.</summary>
    private const string Nobody = "";

    private readonly ConcurrentDictionary<(string Fingerprint, string Destination), UpstreamLane> _lanes = new();
    private int _count;

    public UpstreamLane Of(Signature? key, string destination)
    {
        var name = (key?.Fingerprint ?? Nobody, destination);
        if (!_lanes.TryGetValue(name, out var lane))
            lane = Add(name);

        lane.UsedAt = clock.GetTimestamp();
        return lane;
    }

    /// <summary>Null where nothing was sent there with the key yet.</summary>
    public UpstreamLane? Find(Signature? key, string destination) => _lanes.GetValueOrDefault((key?.Fingerprint ?? Nobody, destination));

    /// <summary>The lanes of a key: one for each destination that was asked with it.</summary>
    public IEnumerable<UpstreamLane> Of(Signature? key) =>
        _lanes.Where(lane => lane.Key.Fingerprint == (key?.Fingerprint ?? Nobody)).Select(lane => lane.Value);

    /// <summary>Those of them whose destination the settings still name.</summary>
    public IEnumerable<UpstreamLane> InUse(Signature? key, Revision revision)
    {
        var addresses = revision.CalComAddresses.ToHashSet(StringComparer.Ordinal);
        return Of(key).Where(lane => addresses.Contains(lane.Destination));
    }

    public IEnumerable<UpstreamLane> All => _lanes.Values;

    private UpstreamLane Add((string Fingerprint, string Destination) name)
    {
        if (Volatile.Read(ref _count) >= Most)
            RemoveIdle();
        if (Volatile.Read(ref _count) >= Most)
            name = (Nobody, name.Destination);

        var added = new UpstreamLane(name.Destination, clock);
        var lane = _lanes.GetOrAdd(name, added);
        if (ReferenceEquals(lane, added))
            Interlocked.Increment(ref _count);
        return lane;
    }

    private void RemoveIdle()
    {
        foreach (var lane in _lanes)
        {
            if (lane.Value.IsIdle && clock.GetElapsedTime(lane.Value.UsedAt) > Kept && _lanes.TryRemove(lane))
                Interlocked.Decrement(ref _count);
        }
    }
}
