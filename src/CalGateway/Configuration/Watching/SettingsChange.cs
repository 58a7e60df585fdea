using CalGateway.Configuration.Settings;

namespace CalGateway.Configuration.Watching;

/// <summary>Describes what an edit changed, as in <c>event-types: CalApiVersion 2024-08-13 → 2024-06-14</c>.</summary>
internal static class SettingsChange
{
    private const int MaxChanges = 20;

    /// <summary>Settings that take effect only at the next start; their description in the schema says so.</summary>
    public static readonly IReadOnlyList<string> ReadAtStart = ["CalGateway:Management:Url", "CalGateway:Metrics:Url", "CalGateway:Cache:Redis"];

    public static IReadOnlyList<string> Between(IReadOnlyCollection<Setting> before, IReadOnlyCollection<Setting> after)
    {
        var old = before.ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);
        var changes = new List<string>();
        foreach (var setting in after)
        {
            if (!old.Remove(setting.Key, out var was))
                changes.Add($"{Subject(setting.Key)} {setting.Shown} added{From(setting.Key)}");
            else if (was.Value != setting.Value)
                changes.Add($"{Subject(setting.Key)} {was.Shown} → {setting.Shown}{From(setting.Key)}");
        }

        changes.AddRange(old.Values.Select(removed => $"{Subject(removed.Key)} {removed.Shown} removed{From(removed.Key)}"));
        return changes.Count <= MaxChanges ? changes : [.. changes.Take(MaxChanges), $"and {changes.Count - MaxChanges} more"];
    }

    private static string From(string key) => ReadAtStart.Contains(key, StringComparer.OrdinalIgnoreCase) ? " (from the next start on)" : "";

    /// <summary>A short name of a setting: "event-types: CalApiVersion" for "ReverseProxy:Routes:event-types:Transforms:1:CalApiVersion".</summary>
    private static string Subject(string key) => key.Split(':') switch
    {
        ["ReverseProxy", "Routes" or "Clusters", var name, "Transforms", _, .. var rest] => $"{name}: {string.Join(':', rest)}",
        ["ReverseProxy", "Routes" or "Clusters", var name, .. var rest] => $"{name}: {string.Join(':', rest)}",
        _ => key,
    };
}
