using System.Globalization;
using System.Text.Json;

namespace CalGateway.Configuration.Schema;

/// <summary>What the schema asks of a single value: one of a list, a form, a range.</summary>
internal static class ScalarRules
{
    /// <summary>What is wrong, so that it can follow the value's name; null where nothing is.</summary>
    public static string? Broken(SettingNode node, SchemaNode schema)
    {
        var text = node.Text!;
        if (schema.Values.Count > 0)
            return schema.Values.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : SchemaWords.NotAmong(text, schema.Values);

        if (node.Kind == JsonValueKind.String && (text.Length < schema.Least || schema.Pattern?.IsMatch(text) == false || !IsAddress(text, schema) || !IsMoment(text, schema)))
            return $"must be {SchemaWords.Expected(schema)}, not {SchemaWords.Written(node)}";

        return schema.Types.Contains("integer") && !IsWithin(text, schema)
            ? $"must be {SchemaWords.Expected(schema)}, not {SchemaWords.Written(node)}"
            : null;
    }

    private static bool IsAddress(string text, SchemaNode schema) => !schema.IsUri || Uri.TryCreate(text, UriKind.Absolute, out _);

    private static bool IsMoment(string text, SchemaNode schema) =>
        !schema.IsMoment || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static bool IsWithin(string text, SchemaNode schema) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        && number >= schema.Minimum && number <= schema.Maximum;
}
