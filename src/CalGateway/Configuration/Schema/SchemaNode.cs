using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Schema;

/// <summary>One schema of <c>yarp.schema.json</c> with its references resolved. Only the keywords of JSON Schema that the file uses are supported.</summary>
internal sealed record SchemaNode
{
    private static readonly HashSet<string> Known =
    [
        "$schema", "$defs", "$ref", "title", "description", "default", "examples", "type", "properties", "additionalProperties", "propertyNames",
        "required", "oneOf", "anyOf", "items", "minItems", "minProperties", "minLength", "enum", "pattern", "format", "minimum", "maximum", "not",
    ];

    /// <summary>What the value must be, as words that can follow "must be".</summary>
    public string? Title { get; private init; }

    /// <summary>A valid value as JSON.</summary>
    public string? Example { get; private init; }

    public IReadOnlyList<string> Types { get; private init; } = [];

    /// <summary>The members by name, without regard to case, as in ASP.NET's settings.</summary>
    public IReadOnlyDictionary<string, SchemaNode> Properties { get; private init; } = FrozenDictionary<string, SchemaNode>.Empty;

    /// <summary>The schema of members with a free name, such as routes; null where only <see cref="Properties"/> are allowed.</summary>
    public SchemaNode? AdditionalProperties { get; private init; }

    public IReadOnlyList<string> Required { get; private init; } = [];

    /// <summary>Exactly one of these members must be given; empty where there is no such rule.</summary>
    public IReadOnlyList<string> OneOf { get; private init; } = [];

    /// <summary>The alternatives of an object (anyOf), told apart by the first name that each requires.</summary>
    public IReadOnlyList<SchemaNode> Variants { get; private init; } = [];

    public SchemaNode? Items { get; private init; }

    /// <summary>The minimum number of items, members or characters.</summary>
    public int MinCount { get; private init; }

    public IReadOnlyList<string> Values { get; private init; } = [];

    /// <summary>What a text must match. It is made when it is needed: most settings of a file are not given.</summary>
    public Regex? Pattern => PatternOnDemand?.Value;

    private Lazy<Regex>? PatternOnDemand { get; init; }

    public bool IsUri { get; private init; }

    /// <summary>Why the gateway does not support this setting, and what to use instead; null where it does.</summary>
    public string? Refusal { get; private init; }

    /// <summary>The value must be a date and time that exists, unlike <c>2027-02-30T00:00:00Z</c>.</summary>
    public bool IsDateTime { get; private init; }

    public decimal Minimum { get; private init; } = decimal.MinValue;

    public decimal Maximum { get; private init; } = decimal.MaxValue;

    /// <param name="document">The whole document, into which references point.</param>
    public static SchemaNode Read(JsonElement document) => Read(document, new Definitions(document));

    private static SchemaNode Read(JsonElement schema, Definitions definitions)
    {
        var node = schema.TryGetProperty("$ref", out var reference) ? definitions[reference.GetString()!] : new SchemaNode();

        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name))
                throw new InvalidOperationException($"yarp.schema.json uses \"{keyword.Name}\", which the gateway does not check.");

            node = node.With(keyword.Name, keyword.Value, definitions);
        }

        // "not": {} accepts no value; the description says why.
        if (schema.TryGetProperty("not", out _))
            node = node with { Refusal = schema.GetProperty("description").GetString()!.Replace(" Default: none.", "", StringComparison.Ordinal) };

        return node;
    }

    private SchemaNode With(string keyword, JsonElement value, Definitions definitions) => keyword switch
    {
        "title" => this with { Title = value.GetString() },
        "examples" => this with { Example = value[0].GetRawText() },
        "type" => this with { Types = value.ValueKind == JsonValueKind.Array ? Texts(value) : [value.GetString()!] },
        "properties" => this with
        {
            Properties = value.EnumerateObject().ToDictionary(member => member.Name, member => Read(member.Value, definitions), StringComparer.OrdinalIgnoreCase),
        },
        "additionalProperties" => this with { AdditionalProperties = value.ValueKind == JsonValueKind.Object ? Read(value, definitions) : null },
        "required" => this with { Required = Texts(value) },
        "oneOf" => this with { OneOf = [.. value.EnumerateArray().Select(choice => Texts(choice.GetProperty("required"))[0])] },
        "anyOf" => this with { Variants = [.. value.EnumerateArray().Select(kind => Read(kind, definitions))] },
        "items" => this with { Items = Read(value, definitions) },
        "minItems" or "minProperties" or "minLength" => this with { MinCount = value.GetInt32() },
        "enum" => this with { Values = Texts(value) },
        "pattern" => this with { PatternOnDemand = OnDemand(value.GetString()!) },
        "format" => this with { IsUri = value.GetString() == "uri", IsDateTime = value.GetString() == "date-time" },
        "minimum" => this with { Minimum = value.GetDecimal() },
        "maximum" => this with { Maximum = value.GetDecimal() },
        _ => this,
    };

    private static Lazy<Regex> OnDemand(string pattern) => new(() => new Regex(pattern, RegexOptions.CultureInvariant));

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];

    /// <summary>The schemas that others refer to, each read once.</summary>
    private sealed class Definitions(JsonElement document)
    {
        private const string Prefix = "#/$defs/";

        private readonly Dictionary<string, SchemaNode> _read = [];

        public SchemaNode this[string reference] => _read.TryGetValue(reference, out var read)
            ? read
            : _read[reference] = Read(document.GetProperty("$defs").GetProperty(reference[Prefix.Length..]), this);
    }
}
