namespace CalGateway.Configuration.Settings;

/// <summary>
/// The settings as <see cref="IConfiguration"/>, for YARP's reader and .NET's binder. .NET's own provider scans all settings whenever it is asked for the
/// children of a key, which took most of the start with a thousand routes; this one has an index.
/// </summary>
internal sealed class IndexedConfiguration : ConfigurationProvider
{
    private readonly Dictionary<string, List<string>> _children = new(StringComparer.OrdinalIgnoreCase);

    public IndexedConfiguration(IReadOnlyCollection<Setting> settings)
    {
        foreach (var setting in settings)
        {
            Data[setting.Key] = setting.Value;
            AddToParents(setting.Key);
        }

        foreach (var children in _children.Values)
            children.Sort(ConfigurationKeyComparer.Instance);
    }

    /// <summary>May return a name more than once; the caller in .NET removes duplicates.</summary>
    public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
        _children.TryGetValue(parentPath ?? "", out var children) ? earlierKeys.Concat(children) : earlierKeys;

    /// <summary>Keys must come sorted: then only the last child of a parent can be the same again.</summary>
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
