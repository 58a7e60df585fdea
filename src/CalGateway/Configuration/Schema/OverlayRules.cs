using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>
/// Holds environment variables that are settings against the schema, as the file is: a mistyped one would otherwise be
/// no setting at all, and nobody would know.
/// </summary>
internal static class OverlayRules
{
    /// <summary>The settings among them that can be used; about the others there is a finding.</summary>
    public static Dictionary<string, string?> Examine(IReadOnlyDictionary<string, string?> overlay, List<Finding> findings)
    {
        var usable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in overlay)
        {
            if (Fault(key, value ?? "") is { } fault)
                findings.Add(Finding.Error($"The environment variable {key.Replace(":", "__", StringComparison.Ordinal)} is refused: {fault}"));
            else
                usable[key] = value;
        }

        return usable;
    }

    private static string? Fault(string key, string value)
    {
        var schema = SettingsSchema.Default.Root;
        foreach (var name in key.Split(':'))
        {
            if (Inner(schema, name) is not { } inner)
                return SchemaWords.Unknown(name, "a setting here", Names(schema));

            if (inner.Refusal is { } refusal)
                return refusal;
            schema = inner;
        }

        var node = new SettingNode(JsonValueKind.String, key, key.Split(':')[^1], default, default, value);
        if ((schema.Types.Contains("object") || schema.Types.Contains("array")) && !schema.Types.Contains("string"))
            return "it stands for several settings; name one of them.";

        return ScalarRules.Broken(node, schema) is { } rule ? $"it {rule}." : null;
    }

    private static SchemaNode? Inner(SchemaNode schema, string name) =>
        schema.Items is not null ? (int.TryParse(name, out _) ? schema.Items : null)
        : schema.Properties.GetValueOrDefault(name)
            ?? schema.Kinds.Select(kind => kind.Properties.GetValueOrDefault(name)).FirstOrDefault(inner => inner is not null)
            ?? (name.Length > 0 ? schema.Others : null);

    private static IEnumerable<string> Names(SchemaNode schema) =>
        schema.Items is not null ? ["0", "1"] : [.. schema.Properties.Keys, .. schema.Kinds.SelectMany(kind => kind.Properties.Keys).Distinct()];
}
