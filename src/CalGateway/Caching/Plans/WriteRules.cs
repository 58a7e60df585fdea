using System.Collections.Frozen;
using CalGateway.Catalogue;

namespace CalGateway.Caching.Plans;

/// <summary>
/// Decides which tags a write evicts. The catalogue knows which operations change the lists of event types. For operations that it does not know, and for
/// policies with <c>EvictedBy</c>, the segments of the path decide, because Cal.com has many paths for the same thing. An unnecessary eviction costs one
/// request to Cal.com; a missing one serves wrong data.
/// </summary>
internal sealed class WriteRules
{
    private readonly SegmentRules _always;
    private readonly SegmentRules _whereUnknown;
    private readonly string[] _ofEventTypes;

    private WriteRules(IEnumerable<KeyValuePair<string, CachePolicyOptions>> always, IReadOnlyList<KeyValuePair<string, CachePolicyOptions>> catalogued)
    {
        _always = new SegmentRules(always);
        _whereUnknown = new SegmentRules(catalogued);
        _ofEventTypes = [.. catalogued.SelectMany(policy => TagsOf(policy)).Distinct()];
    }

    public static WriteRules From(CacheOptions options)
    {
        var catalogued = options.Policies.Where(IsByCatalogue).ToList();
        return new WriteRules(options.Policies.Except(catalogued), catalogued);
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

    private static bool IsByCatalogue(KeyValuePair<string, CachePolicyOptions> policy) =>
        policy.Value.EvictedBy is null && CachePolicyDefaults.IsEventTypes(policy.Key);

    private static string[] TagsOf(KeyValuePair<string, CachePolicyOptions> policy) => policy.Value.Tags ?? [policy.Key];

    /// <summary>Tags by a segment of the path.</summary>
    private sealed class SegmentRules
    {
        private readonly FrozenDictionary<string, string[]> _tags;
        private readonly FrozenDictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> _bySegment;

        public SegmentRules(IEnumerable<KeyValuePair<string, CachePolicyOptions>> policies)
        {
            var rules =
                from policy in policies
                from segment in policy.Value.EvictedBy ?? CachePolicyDefaults.EvictedBy(policy.Key)
                from tag in TagsOf(policy)
                group tag by segment.ToLowerInvariant();
            _tags = rules.ToFrozenDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.OrdinalIgnoreCase);
            _bySegment = _tags.GetAlternateLookup<ReadOnlySpan<char>>();
        }

        public void AddTo(HashSet<string> written, ReadOnlySpan<char> path)
        {
            if (_tags.Count == 0)
                return;

            foreach (var segment in path.SplitAny('/', '\\'))
            {
                if (_bySegment.TryGetValue(path[segment], out var tags))
                    written.UnionWith(tags);
            }
        }
    }
}
