using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Schema;

/// <summary>One place of <c>yarp.schema.json</c>, its references followed: the part of JSON Schema that the file is written in.</summary>
internal sealed record SchemaNode
{
    private static readonly FrozenSet<string> Known = FrozenSet.Create(
        "$schema", "$defs", "$ref", "title", "description", "default", "examples", "type", "properties", "additionalProperties", "propertyNames",
        "required", "oneOf", "anyOf", "items", "minItems", "minProperties", "minLength", "enum", "pattern", "format", "minimum", "maximum", "not");

    /// <summary>What the value must be, so that it can follow "must be".</summary>
    public string? Title { get; private init; }

    /// <summary>A right value, as it would be written.</summary>
    public string? Example { get; private init; }

    public IReadOnlyList<string> Types { get; private init; } = [];

    /// <summary>The members by name; names are told apart without case, as ASP.NET does.</summary>
    public IReadOnlyDictionary<string, SchemaNode> Properties { get; private init; } = FrozenDictionary<string, SchemaNode>.Empty;

    /// <summary>What members with a free name must be; null where there are none.</summary>
    public SchemaNode? Others { get; private init; }

    public IReadOnlyList<string> Required { get; private init; } = [];

    /// <summary>Exactly one of these must be there; none to choose from where it is empty.</summary>
    public IReadOnlyList<string> OneOf { get; private init; } = [];

    /// <summary>Kinds of an object, told apart by the first name that each requires.</summary>
    public IReadOnlyList<SchemaNode> Kinds { get; private init; } = [];

    public SchemaNode? Items { get; private init; }

    /// <summary>The fewest items, members or characters.</summary>
    public int Least { get; private init; }

    public IReadOnlyList<string> Values { get; private init; } = [];

    public Regex? Pattern { get; private init; }

    public bool IsUri { get; private init; }

    /// <summary>Why the gateway does not take it, and what to use instead; null for what it takes.</summary>
    public string? Refusal { get; private init; }

    /// <summary>A moment of the calendar: <c>2027-02-30T00:00:00Z</c> has the form of one and is none.</summary>
    public bool IsMoment { get; private init; }

    public decimal Minimum { get; private init; } = decimal.MinValue;

    public decimal Maximum { get; private init; } = decimal.MaxValue;

    /// <param name="schema">The place to read.</param>
    /// <param name="root">The whole, which references point into.</param>
    public static SchemaNode Read(JsonElement schema, JsonElement root)
    {
        var node = new SchemaNode();
        if (schema.TryGetProperty("$ref", out var reference))
            node = Read(root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]), root);

        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name))
                throw new InvalidOperationException($"yarp.schema.json uses \"{keyword.Name}\", which the gateway does not check.");

            node = node.With(keyword.Name, keyword.Value, root);
        }

        // "not": {} lets nothing through; the description up to its default says why.
        if (schema.TryGetProperty("not", out _))
            node = node with { Refusal = schema.GetProperty("description").GetString()!.Replace(" Default: none.", "", StringComparison.Ordinal) };

        return node;
    }

    private SchemaNode With(string keyword, JsonElement value, JsonElement root) => keyword switch
    {
        "title" => this with { Title = value.GetString() },
        "examples" => this with { Example = value[0].GetRawText() },
        "type" => this with { Types = value.ValueKind == JsonValueKind.Array ? Texts(value) : [value.GetString()!] },
        "properties" => this with
        {
            Properties = value.EnumerateObject().ToFrozenDictionary(member => member.Name, member => Read(member.Value, root), StringComparer.OrdinalIgnoreCase),
        },
        "additionalProperties" => this with { Others = value.ValueKind == JsonValueKind.Object ? Read(value, root) : null },
        "required" => this with { Required = Texts(value) },
        "oneOf" => this with { OneOf = [.. value.EnumerateArray().Select(choice => Texts(choice.GetProperty("required"))[0])] },
        "anyOf" => this with { Kinds = [.. value.EnumerateArray().Select(kind => Read(kind, root))] },
        "items" => this with { Items = Read(value, root) },
        "minItems" or "minProperties" or "minLength" => this with { Least = value.GetInt32() },
        "enum" => this with { Values = Texts(value) },
        "pattern" => this with { Pattern = new Regex(value.GetString()!, RegexOptions.CultureInvariant) },
        "format" => this with { IsUri = value.GetString() == "uri", IsMoment = value.GetString() == "date-time" },
        "minimum" => this with { Minimum = value.GetDecimal() },
        "maximum" => this with { Maximum = value.GetDecimal() },
        _ => this,
    };

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}
