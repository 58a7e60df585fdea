using System.Text.Json;
using System.Text.Json.Nodes;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using CalGateway.Problems;

namespace CalGateway.Management;

/// <summary>One setting as <c>/config</c> shows it.</summary>
internal sealed record ShownSetting(string Key, string? Value, string Source);

/// <summary><c>/config</c>: all settings in force, without secrets, each with its source; the defaults of those that the file does not have.</summary>
internal sealed record ConfigReport(string Revision, IReadOnlyList<ShownSetting> Settings)
{
    private static readonly JsonSerializerOptions Named = new(ReadableJson.Options) { PropertyNamingPolicy = null };

    public static ConfigReport Of(Revision revision)
    {
        var shown = new SortedDictionary<string, ShownSetting>(StringComparer.OrdinalIgnoreCase);
        foreach (var setting in Defaults(revision.AllOptions).Concat(revision.Settings))
            shown[setting.Key] = new ShownSetting(setting.Key, setting.Shown, setting.Source);

        return new ConfigReport(revision.Id, [.. shown.Values]);
    }

    private static IEnumerable<Setting> Defaults(GatewayOptions options) =>
        options.All.SelectMany(section => Flatten(section.Key, JsonSerializer.SerializeToNode(section.Value, section.Value.GetType(), Named)));

    private static IEnumerable<Setting> Flatten(string key, JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Flatten($"{key}:{member.Key}", member.Value)),
        JsonArray items => items.SelectMany((item, index) => Flatten($"{key}:{index}", item)),
        _ => [new Setting(key, node?.ToString(), "default")],
    };
}
