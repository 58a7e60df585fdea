using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>
/// Validates environment variables that are settings against the schema, as the file is. A mistyped one would otherwise be ignored silently.
/// </summary>
internal static class OverlayRules
{
    /// <summary>The settings among them that can be used; about the others there is a finding.</summary>
    /// <param name="overlay">By key.</param>
    /// <param name="text">The file that they are laid over.</param>
    /// <param name="file">Its name.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static Dictionary<string, string?> Examine(IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file, List<Finding> findings)
    {
        var usable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in overlay)
        {
            if ((Fault(key, value ?? "") ?? Stranded(key, overlay, text, file)) is { } fault)
                findings.Add(Finding.Error($"The environment variable {key.Replace(":", "__", StringComparison.Ordinal)} is refused: {fault}"));
            else
                usable[key] = value;

            if (usable.ContainsKey(key) && OverlayNames.Examine(key, overlay, text, file) is { } finding)
            {
                findings.Add(finding);
                if (finding.Severity == Severity.Error)
                    usable.Remove(key);
            }
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

    /// <summary>
    /// A part of something that nobody has defined, a route say, whose name is mistyped: alone it would make a route without a path.
    /// </summary>
    private static string? Stranded(string key, IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file)
    {
        var schema = SettingsSchema.Default.Root;
        var at = "";
        foreach (var name in key.Split(':'))
        {
            var inner = Inner(schema, name)!;
            var place = at.Length == 0 ? name : $"{at}:{name}";
            var isNamedFreely = schema.Others is not null && !schema.Properties.ContainsKey(name);
            if (isNamedFreely && !text.Has(place) && Lacking(inner, place, overlay) is { Count: > 0 } lacking)
                return $"{file} has {SchemaWords.Nothing(name, at, text.NamesBelow(at))} (One of its own would need {Quoted.List(lacking)} as well.)";

            (schema, at) = (inner, place);
        }

        return null;
    }

    private static List<string> Lacking(SchemaNode schema, string place, IReadOnlyDictionary<string, string?> overlay) =>
    [
        .. schema.Required.Where(required => !overlay.Keys.Any(other =>
            other.StartsWith($"{place}:{required}", StringComparison.OrdinalIgnoreCase) && (other.Length == place.Length + required.Length + 1 || other[place.Length + required.Length + 1] == ':'))),
    ];

    private static SchemaNode? Inner(SchemaNode schema, string name) =>
        schema.Items is not null ? (int.TryParse(name, out _) ? schema.Items : null)
        : schema.Properties.GetValueOrDefault(name)
            ?? schema.Kinds.Select(kind => kind.Properties.GetValueOrDefault(name)).FirstOrDefault(inner => inner is not null)
            ?? (name.Length > 0 ? schema.Others : null);

    private static IEnumerable<string> Names(SchemaNode schema) =>
        schema.Items is not null ? ["0", "1"] : [.. schema.Properties.Keys, .. schema.Kinds.SelectMany(kind => kind.Properties.Keys).Distinct()];
}
