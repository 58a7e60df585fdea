namespace CalGateway.Configuration.Settings;

/// <summary>
/// Settings as YARP and .NET's binder read them. .NET's own provider looks at every setting each time that it is asked what is below
/// one key; with a thousand routes that was most of a start.
/// </summary>
internal sealed class IndexedConfiguration : ConfigurationProvider
{
    private readonly Dictionary<string, List<string>> _children = new(StringComparer.OrdinalIgnoreCase);

    private IndexedConfiguration(IReadOnlyCollection<Setting> settings)
    {
        foreach (var setting in settings)
        {
            Data[setting.Key] = setting.Value;
            AddToParents(setting.Key);
        }

        foreach (var children in _children.Values)
            children.Sort(ConfigurationKeyComparer.Instance);
    }

    public static IConfiguration Of(EffectiveSettings settings) => new ConfigurationRoot([new IndexedConfiguration(settings)]);

    /// <summary>The same name may come more than once; .NET takes each once.</summary>
    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
        _children.TryGetValue(parentPath ?? "", out var children) ? earlierKeys.Concat(children) : earlierKeys;

    /// <summary>Keys come in their order, so that the last child is the only one that can be the same.</summary>
    private void AddToParents(string key)
    {
        var known = _children.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var (start, end) = (0, key.IndexOf(':')); ; start = end + 1, end = key.IndexOf(':', start))
        {
            var child = key.AsSpan(start, (end < 0 ? key.Length : end) - start);
            var parent = key.AsSpan(0, Math.Max(start - 1, 0));
            if (!known.TryGetValue(parent, out var children))
                known[parent] = children = [];
            if (children.Count == 0 || !child.Equals(children[^1], StringComparison.OrdinalIgnoreCase))
                children.Add(child.ToString());
            if (end < 0)
                return;
        }
    }
}
