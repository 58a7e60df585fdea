using System.Collections.Frozen;

namespace CalGateway.Caching.Plans;

/// <summary>
/// Which tags a write makes untrue. It goes by the segments of the path and not by routes: the same thing can be written at
/// Cal.com under many paths, and a segment too many evicts what one request brings back, where one too few serves a lie.
/// </summary>
internal sealed class WriteRules
{
    private readonly FrozenDictionary<string, string[]> _tags;
    private readonly FrozenDictionary<string, string[]>.AlternateLookup<ReadOnlySpan<char>> _bySegment;

    private WriteRules(FrozenDictionary<string, string[]> tags)
    {
        _tags = tags;
        _bySegment = tags.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static WriteRules From(CacheOptions options) => new(options.Policies
        .SelectMany(policy =>
            from segment in policy.Value.EvictedBy ?? CachePolicyDefaults.EvictedBy(policy.Key)
            from tag in policy.Value.Tags ?? [policy.Key]
            select (segment, tag))
        .GroupBy(rule => rule.segment, rule => rule.tag, StringComparer.OrdinalIgnoreCase)
        .ToFrozenDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.OrdinalIgnoreCase));

    public IReadOnlyCollection<string> TagsOf(PathString path)
    {
        var written = new HashSet<string>();
        if (_tags.Count == 0)
            return written;

        var text = path.Value.AsSpan();
        foreach (var segment in text.SplitAny('/', '\\'))
        {
            if (_bySegment.TryGetValue(text[segment], out var tags))
                written.UnionWith(tags);
        }

        return written;
    }
}
