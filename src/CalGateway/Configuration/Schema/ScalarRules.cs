using System.Globalization;
using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>Checks a single value against the schema: enumeration, pattern, format and range.</summary>
internal static class ScalarRules
{
    /// <summary>The error as a predicate that can follow the setting's name ("must be …"); null where the value is valid.</summary>
    public static string? Broken(SettingNode node, SchemaNode schema)
    {
        var text = node.Text!;
        if (schema.Values.Count > 0)
            return schema.Values.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : SchemaMessages.NotAmong(text, schema.Values);

        if (node.Kind == JsonValueKind.String && (text.Length < schema.MinCount || schema.Pattern?.IsMatch(text) == false || !IsAddress(text, schema) || !IsDateTime(text, schema)))
            return $"must be {SchemaMessages.Expected(schema)}, not {SchemaMessages.Written(node)}";

        return SchemaMessages.IsNumeric(schema) && !IsWithin(text, schema)
            ? $"must be {SchemaMessages.Expected(schema)}, not {SchemaMessages.Written(node)}"
            : null;
    }

    private static bool IsAddress(string text, SchemaNode schema) => !schema.IsUri || Uri.TryCreate(text, UriKind.Absolute, out _);

    private static bool IsDateTime(string text, SchemaNode schema) =>
        !schema.IsDateTime || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsWithin(string text, SchemaNode schema) =>
        decimal.TryParse(text, schema.Types.Contains("number") ? NumberStyles.Float : NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= schema.Minimum && number <= schema.Maximum;
}
