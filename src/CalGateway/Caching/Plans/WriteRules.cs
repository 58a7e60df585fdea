using CalGateway.Catalogue;

namespace CalGateway.Caching.Plans;

/// <summary>
/// Decides which tags a write evicts. The catalogue knows which operations change the lists of event types. For operations that it does not know, and for
/// policies with <c>EvictedBy</c>, the segments of the path decide, because Cal.com has many paths for the same thing. An unnecessary eviction costs one
/// request to Cal.com; a missing one serves wrong data. The rules of policies that an edit removed stay in force: their answers are still stored, and would be
/// served again if the policy came back.
/// </summary>
internal sealed class WriteRules
{
    private readonly Dictionary<string, CachePolicyOptions> _policies;
    private readonly SegmentRules _always = new();
    private readonly SegmentRules _whereUnknown = new();
    private readonly HashSet<string> _ofEventTypes = [];

    /// <param name="inForce">The rules in force; null at a start.</param>
    public WriteRules(CacheOptions options, WriteRules? inForce)
    {
        _policies = new Dictionary<string, CachePolicyOptions>(inForce?._policies ?? [], StringComparer.OrdinalIgnoreCase);
        foreach (var (name, policy) in options.Policies)
            _policies[name] = policy;

        foreach (var (name, policy) in _policies)
        {
            var tags = policy.Tags ?? [name];
            var isByCatalogue = policy.EvictedBy is null && CachePolicyDefaults.IsEventTypes(name);
            (isByCatalogue ? _whereUnknown : _always).Add(policy.EvictedBy ?? CachePolicyDefaults.EvictedBy(name), tags);
            if (isByCatalogue)
                _ofEventTypes.UnionWith(tags);
        }
    }

    /// <param name="operation">The operation of the write; null if the catalogue does not know it.</param>
    /// <param name="path">The path that the upstream receives.</param>
    public IReadOnlyCollection<string> TagsOf(Operation? operation, ReadOnlySpan<char> path)
    {
        var written = new HashSet<string>();
        _always.AddTo(written, path);
        if (operation is null)
            _whereUnknown.AddTo(written, path);
        else if (operation.ChangesEventTypes)
            written.UnionWith(_ofEventTypes);
        return written;
    }

    /// <summary>Tags by a segment of the path.</summary>
    private sealed class SegmentRules
    {
        private readonly Dictionary<string, HashSet<string>> _tags = new(StringComparer.OrdinalIgnoreCase);

        public void Add(IReadOnlyList<string> segments, string[] tags)
        {
            foreach (var segment in segments)
            {
                if (!_tags.TryGetValue(segment, out var known))
                    _tags[segment] = known = [];
                known.UnionWith(tags);
            }
        }

        public void AddTo(HashSet<string> written, ReadOnlySpan<char> path)
        {
            if (_tags.Count == 0)
                return;

            var bySegment = _tags.GetAlternateLookup<ReadOnlySpan<char>>();
            foreach (var segment in path.SplitAny('/', '\\'))
            {
                if (bySegment.TryGetValue(path[segment], out var tags))
                    written.UnionWith(tags);
            }
        }
    }
}
