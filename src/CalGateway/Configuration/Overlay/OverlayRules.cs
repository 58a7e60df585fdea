using System.Text.Json;
using CalGateway.Configuration.Schema;
using CalGateway.Configuration.Settings;

namespace CalGateway.Configuration.Overlay;

/// <summary>Validates environment variables that are settings by the schema of the file: a mistyped one would otherwise be ignored silently.</summary>
internal static class OverlayRules
{
    /// <summary>Returns the valid ones, and adds a finding for each of the others.</summary>
    /// <param name="overlay">The environment variables that are settings, by key.</param>
    public static Dictionary<string, string?> Examine(IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file, List<Finding> findings)
    {
        var usable = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in overlay)
        {
            var finding = Examine(key, value ?? "", overlay, text, file);
            if (finding is not null)
                findings.Add(finding);
            if (finding is not { Severity: Severity.Error })
                usable[key] = value;
        }

        return usable;
    }

    private static Finding? Examine(string key, string value, IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file)
    {
        var error = OverlaySections.WithDoubleUnderscores(key) is { } meant
            ? $"settings are written with two underscores between names, {meant}."
            : ErrorIn(key, value) ?? IncompletePart(key, overlay, text, file);
        return error is null
            ? OverlayNames.Examine(key, overlay, text, file)
            : Finding.Error($"The environment variable {Setting.VariableOf(key)} is refused: {error}");
    }

    private static string? ErrorIn(string key, string value)
    {
        var schema = SettingsSchema.Root;
        foreach (var name in key.Split(':'))
        {
            if (Inner(schema, name) is not { } inner)
                return SchemaMessages.Unknown(name, "a setting here", Names(schema));

            if (inner.Refusal is { } refusal)
                return refusal;
            schema = inner;
        }

        var node = new SettingNode(JsonValueKind.String, key, key.Split(':')[^1], default, default, value);
        if ((schema.Types.Contains("object") || schema.Types.Contains("array")) && !schema.Types.Contains("string"))
            return "it stands for several settings; name one of them.";

        return ScalarRules.Broken(node, schema) is { } rule ? $"it {rule}." : null;
    }

    /// <summary>A variable for, say, a route that the file does not have, probably a mistyped one: alone it would make a route without a path.</summary>
    private static string? IncompletePart(string key, IReadOnlyDictionary<string, string?> overlay, SettingsText text, string file)
    {
        var schema = SettingsSchema.Root;
        var at = "";
        foreach (var name in key.Split(':'))
        {
            var inner = Inner(schema, name)!;
            var place = at.Length == 0 ? name : $"{at}:{name}";
            var isNamedFreely = schema.AdditionalProperties is not null && !schema.Properties.ContainsKey(name);
            if (isNamedFreely && !text.Has(place) && Missing(inner, place, overlay) is { Count: > 0 } missing)
                return $"{file} has {SchemaMessages.Nothing(name, at, text.NamesBelow(at))} (One of its own would need {Quoted.List(missing)} as well.)";

            (schema, at) = (inner, place);
        }

        return null;
    }

    /// <summary>The required settings that no other variable gives.</summary>
    private static List<string> Missing(SchemaNode schema, string place, IReadOnlyDictionary<string, string?> overlay) =>
    [
        .. schema.Required.Where(required => !overlay.Keys.Any(other =>
            other.StartsWith($"{place}:{required}", StringComparison.OrdinalIgnoreCase) && (other.Length == place.Length + required.Length + 1 || other[place.Length + required.Length + 1] == ':'))),
    ];

    private static SchemaNode? Inner(SchemaNode schema, string name) =>
        schema.Items is not null ? (int.TryParse(name, out _) ? schema.Items : null)
        : schema.Properties.GetValueOrDefault(name)
            ?? schema.Variants.Select(variant => variant.Properties.GetValueOrDefault(name)).FirstOrDefault(inner => inner is not null)
            ?? (name.Length > 0 ? schema.AdditionalProperties : null);

    private static IEnumerable<string> Names(SchemaNode schema) =>
        schema.Items is not null ? ["0", "1"] : [.. schema.Properties.Keys, .. schema.Variants.SelectMany(variant => variant.Properties.Keys).Distinct()];
}
