using CalGateway.Configuration.Settings;
using CalGateway.Telemetry;

namespace CalGateway.Configuration.Schema;

/// <summary>A setting that was renamed.</summary>
/// <param name="Parent">The key of the enclosing object in ASP.NET's form; <c>*</c> stands for any one name, such as a policy's.</param>
/// <param name="New">The present name, in the same object.</param>
/// <param name="Until">The first version that does not accept the former name: one minor version after the one that renamed it.</param>
internal sealed record RenamedSetting(string Parent, string Old, string New, Version Until);

/// <summary>Accepts settings of the file and of variables under their former names, with a warning, so that the gateway can be updated first.</summary>
internal sealed class RenamedSettings
{
    /// <summary>The renamed settings. An entry is added with the new name, and stops to apply by itself at the version that it names.</summary>
    public static readonly RenamedSettings Known = new([], ProductVersion.Number);

    private readonly IReadOnlyList<RenamedSetting> _understood;

    public RenamedSettings(IEnumerable<RenamedSetting> renamed, Version running) => _understood = [.. renamed.Where(setting => running < setting.Until)];

    /// <summary>Renames the settings that the file has under former names.</summary>
    /// <param name="root">The tree of the file; it is changed.</param>
    public void Apply(SettingNode root, List<Finding> findings)
    {
        foreach (var renamed in _understood)
        {
            foreach (var parent in At(root, renamed.Parent.Split(':')))
                Apply(parent, renamed, findings);
        }
    }

    /// <summary>Renames the settings that environment variables have under former names.</summary>
    public IReadOnlyDictionary<string, string?> Apply(IReadOnlyDictionary<string, string?> overlay, List<Finding> findings)
    {
        if (_understood.Count == 0)
            return overlay;

        var named = new Dictionary<string, string?>(overlay, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in overlay)
        {
            if (NewKey(key) is not { } now)
                continue;

            var (old, variable) = (Setting.VariableOf(key), Setting.VariableOf(now.Key));
            named.Remove(key);
            findings.Add(named.TryAdd(now.Key, value)
                ? Finding.Warning($"The environment variable {old} is called {variable} now. The old name is understood until version {now.Until}.")
                : Finding.Error($"The environment variables {old} and {variable} are one setting, which was renamed. Remove {old}."));
        }

        return named;
    }

    private static void Apply(SettingNode parent, RenamedSetting renamed, List<Finding> findings)
    {
        var at = parent.Children.FindIndex(member => Is(member, renamed.Old));
        if (at < 0)
            return;

        var old = parent.Children[at];
        if (parent.Children.Exists(member => Is(member, renamed.New)))
        {
            findings.Add(new Finding(
                Severity.Error, $"\"{old.Name}\" is called \"{renamed.New}\" now, and both are given. Remove \"{old.Name}\".", old.Key, old.NamePlace.Line, old.NamePlace.Column));
            parent.Children.RemoveAt(at);
            return;
        }

        parent.Children[at] = Renamed(old, $"{parent.Key}:{renamed.New}", renamed.New);
        findings.Add(new Finding(
            Severity.Warning, $"\"{old.Name}\" is called \"{renamed.New}\" now. The old name is understood until version {renamed.Until.ToString(2)}; write the new one.",
            parent.Children[at].Key, old.NamePlace.Line, old.NamePlace.Column));
    }

    private static SettingNode Renamed(SettingNode node, string key, string name)
    {
        var copy = new SettingNode(node.Kind, key, name, node.NamePlace, node.Place, node.Text); // "with" would share the children
        foreach (var child in node.Children)
            copy.Children.Add(Renamed(child, $"{key}:{child.Name}", child.Name));
        return copy;
    }

    private static IEnumerable<SettingNode> At(SettingNode node, string[] path)
    {
        IEnumerable<SettingNode> found = [node];
        foreach (var name in path)
            found = [.. found.SelectMany(one => one.Children.Where(member => name == "*" || Is(member, name)))];
        return found;
    }

    private (string Key, string Until)? NewKey(string key)
    {
        var parts = key.Split(':');
        foreach (var renamed in _understood)
        {
            var parent = renamed.Parent.Split(':');
            if (parts.Length > parent.Length && IsAt(parts, parent) && parts[parent.Length].Equals(renamed.Old, StringComparison.OrdinalIgnoreCase))
            {
                parts[parent.Length] = renamed.New;
                return (string.Join(':', parts), renamed.Until.ToString(2));
            }
        }

        return null;
    }

    private static bool IsAt(string[] parts, string[] parent) =>
        parent.Zip(parts).All(pair => pair.First == "*" || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));

    private static bool Is(SettingNode node, string name) => node.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
