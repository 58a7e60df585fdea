using System.Globalization;
using System.Text.Json;
using CalGateway.Catalogue.Matching;

namespace CalGateway.Configuration.Schema;

/// <summary>The wording of findings about the schema.</summary>
internal static class SchemaMessages
{
    /// <summary>The setting that a finding is about, for the beginning of a sentence.</summary>
    public static string Subject(SettingNode node)
    {
        if (node.Key.Length == 0)
            return "The file";

        var isItem = int.TryParse(node.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var index);
        return isItem ? $"Item {index + 1} of {Quoted.Text(Parent(node.Key))}" : Quoted.Text(node.Name);
    }

    /// <summary>Where a text is allowed as well, a number's range says nothing.</summary>
    public static bool IsNumeric(SchemaNode schema) =>
        schema.Types.Contains("integer") || (schema.Types.Contains("number") && !schema.Types.Contains("string"));

    /// <summary>What the schema requires, for use after "must be".</summary>
    public static string Expected(SchemaNode schema)
    {
        var range = IsNumeric(schema) ? string.Create(CultureInfo.InvariantCulture, $" from {schema.Minimum} to {schema.Maximum}") : "";
        var example = schema.Example is null ? "" : $", such as {schema.Example}";
        return (schema.Title ?? Kind(schema)) + range + example;
    }

    public static string Written(SettingNode node) => node.Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.Null => "null; to have the default, remove it",
        JsonValueKind.String => node.Text!.Length == 0 ? "empty" : Quoted.Text(node.Text),
        _ => node.Text!.Length > 40 ? "this" : node.Text,
    };

    public static string Unknown(string name, string what, IEnumerable<string> known)
    {
        var names = known.ToList();
        return $"{Quoted.Text(name)} is not {what}; " +
            (Nearest(name, names) is { } meant ? $"did you mean \"{meant}\"?" : $"known: {Quoted.List(names)}.");
    }

    /// <summary>Says that there is no such name, and which one was probably meant.</summary>
    public static string Nothing(string name, string below, IReadOnlyList<string> known) => $"no {Quoted.Text(name)} under {below}" +
        (Nearest(name, known) is { } meant ? $"; did you mean \"{meant}\"?" : known.Count == 0 ? "." : $"; there are {Quoted.List(known)}.");

    public static string NotAmong(string text, IReadOnlyList<string> values) => Nearest(text, values) is { } meant
        ? $"cannot be {Quoted.Text(text)}; did you mean \"{meant}\"? Known: {Quoted.List(values)}"
        : $"cannot be {Quoted.Text(text)}; known: {Quoted.List(values)}";

    /// <summary>What to write for a missing name, where the schema has an example; else empty.</summary>
    public static string Example(string name, SchemaNode schema) =>
        schema.Properties.GetValueOrDefault(name)?.Example is { } example ? $"; write \"{name}\": {example}" : "";

    /// <summary>True if at most a third of the letters are mistyped.</summary>
    public static bool IsMeant(string typed, string word) => Mistyped(typed, word) <= Tolerated(word);

    /// <summary>The known name that was probably meant; null if none is near.</summary>
    public static string? Nearest(string typed, IEnumerable<string> known) => known
        .Where(word => IsMeant(typed, word))
        .MinBy(word => Mistyped(typed, word));

    private static int Mistyped(string typed, string word) => EditDistance.Bounded(typed, word, Tolerated(word));

    private static int Tolerated(string word) => Math.Min(word.Length / 3, 3);

    private static string Kind(SchemaNode schema) => schema switch
    {
        { Values.Count: > 0 } => $"one of {Quoted.List(schema.Values)}",
        { Types: ["object", ..] } => "an object",
        { Types: ["array", ..] } => "a list",
        _ => "text in double quotes",
    };

    private static string Parent(string key) => key.Split(':') is [.., var parent, _] ? parent : key;
}
