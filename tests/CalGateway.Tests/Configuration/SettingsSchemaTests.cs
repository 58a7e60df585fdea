using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalGateway.Access;
using CalGateway.Configuration.Schema;
using CalGateway.Configuration.Watching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>Editors and the gateway use the same schema, and it describes all settings that the gateway has.</summary>
public sealed class SettingsSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(File.ReadAllText(SchemaPath()))!;

    [Fact]
    public void The_file_that_editors_read_is_the_one_that_is_built_in()
    {
        using var builtIn = new StreamReader(typeof(SettingsSchema).Assembly.GetManifestResourceStream(SettingsSchema.ResourceName)!);

        Assert.Equal(File.ReadAllText(SchemaPath()), builtIn.ReadToEnd());
    }

    [Fact]
    public void The_shipped_file_names_it()
    {
        var root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(SchemaPath())!, "..", ".."));
        var shipped = JsonNode.Parse(File.ReadAllText(Path.Combine(root, "yarp.json")), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip })!;

        Assert.Equal(SchemaPath(), Path.GetFullPath(Path.Combine(root, (string)shipped["$schema"]!)));
    }

    [Fact]
    public void The_gateways_section_has_every_option_and_no_other()
    {
        var sections = RevisionParts.Of(AccessInputs.OfSettingsAlone([])).SelectMany(part => part.Options);

        Assert.Equal(
            sections.SelectMany(section => Options(section.Type, $":{section.Name}")).Order(StringComparer.Ordinal),
            Described(Schema["properties"]!["CalGateway"]!, ""));
    }

    [Fact]
    public void Every_setting_is_described_with_its_default()
    {
        var undescribed = Settings(Schema, "#")
            .Where(setting => !Resolved(setting.Schema).ContainsKey("properties"))
            .Where(setting => !Says(setting.Schema, "efault") && !Says(setting.Schema, "equired") && !Says(setting.Schema, "Needs") && !Says(setting.Schema, "At least one"))
            .Select(setting => setting.Path);

        Assert.Empty(undescribed);
    }

    [Fact]
    public void Every_duration_and_number_is_described_with_its_unit_or_range()
    {
        var without = Settings(Schema, "#")
            .Where(setting => ((string?)setting.Schema["$ref"])?.EndsWith("Duration", StringComparison.Ordinal) == true || setting.Schema["maximum"] is not null)
            .Where(setting => !Says(setting.Schema, "hh:mm:ss") && !Says(setting.Schema, " to "))
            .Select(setting => setting.Path);

        Assert.Empty(without);
    }

    [Fact]
    public void What_is_described_as_read_at_start_is_told_so_when_it_is_edited() => Assert.Equal(
        Settings(Schema, "#").Where(setting => Says(setting.Schema, "Read at start")).Select(setting => setting.Path.Split('/')[^1]).Order(),
        SettingsChange.ReadAtStart.Select(key => key.Split(':')[^1]).Order());

    /// <summary>No other rule checks whole numbers: each needs a range here, and it holds wherever the number is written.</summary>
    [Fact]
    public void A_whole_number_beyond_its_range_is_refused_in_the_file_and_in_a_variable()
    {
        var numbers = Numbers(Schema["properties"]!["CalGateway"]!, "CalGateway").ToList();

        Assert.NotEmpty(numbers);
        Assert.All(numbers, number =>
        {
            foreach (var value in new[] { number.Least - 1, number.Most + 1 })
            {
                Assert.Contains(TestRevision.From(FileWith(number.Key.Split(':'), value)).Errors, error => error.Line > 0 && error.Message.Contains($", not {value}.", StringComparison.Ordinal));
                Assert.Contains(
                    TestRevision.Factory(new() { [number.Key] = $"{value}" }).Create(Encoding.UTF8.GetBytes(GatewayFixture.ShippedSettings)).Errors,
                    error => error.Message.Contains($"{number.Key.Replace(":", "__", StringComparison.Ordinal)} is refused", StringComparison.Ordinal));
            }
        });
    }

    public static TheoryData<string> Transforms => [.. Schema["$defs"]!["Transform"]!["anyOf"]!.AsArray().SelectMany(Samples)];

    /// <summary>YARP accepts what the schema accepts: each transform, alone and with each of its other keys.</summary>
    [Theory]
    [MemberData(nameof(Transforms))]
    public void Every_transform_that_is_described_exists(string transform)
    {
        var route = transform.Contains("CalApi", StringComparison.Ordinal) ? transform : $$"""{ "CalApiVersion": "2024-06-14" }, {{transform}}""";
        var settings = $$"""
            {
              "ReverseProxy": {
                "Routes": {
                  "a": {
                    "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/teams/{teamId}/event-types/{**rest}" },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, {{route}}]
                  }
                },
                "Clusters": { "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }
              }
            }
            """;

        var attempt = TestRevision.From(settings);

        Assert.Empty(attempt.Errors);
    }

    private static IEnumerable<(string Key, long Least, long Most)> Numbers(JsonNode schema, string key)
    {
        var whole = Resolved(schema);
        if (whole["properties"] is JsonObject properties)
            return properties.SelectMany(property => Numbers(property.Value!, $"{key}:{property.Key}"));
        if (whole["additionalProperties"] is JsonObject others)
            return Numbers(others, $"{key}:acme");

        return Kind(whole) == "integer" ? [(key, (long)whole["minimum"]!, (long)whole["maximum"]!)] : [];
    }

    private static string FileWith(string[] names, long value)
    {
        JsonNode settings = value;
        foreach (var name in names.Reverse())
            settings = new JsonObject { [name] = settings };
        return settings.ToJsonString();
    }

    private static IEnumerable<string> Samples(JsonNode? transform)
    {
        var properties = transform!["properties"]!.AsObject();
        var required = transform["required"]!.AsArray().Select(name => (string)name!).ToList();
        var choice = transform["oneOf"]?.AsArray().Select(one => (string)one!["required"]![0]!).ToList() ?? [];
        var companions = properties.Select(property => property.Key).Except(required).Except(choice).ToList();
        foreach (var chosen in choice.DefaultIfEmpty(required[0]))
        {
            string Sample(params string[] names) =>
                $"{{ {string.Join(", ", required.Append(chosen).Concat(names).Distinct().Select(name => $"\"{name}\": {Example(properties[name]!)}"))} }}";

            yield return Sample();
            foreach (var companion in companions)
                yield return Sample([.. companions.Where(other => Says(properties[companion]!, $"Needs {other}.")), companion]);
        }
    }

    private static string Example(JsonNode schema) =>
        (Resolved(schema) is var whole && whole["examples"] is { } examples ? examples[0] : whole["enum"]?[0])?.ToJsonString() ?? "true";

    /// <summary>Everything that can be written in the file: the named members of every object.</summary>
    private static IEnumerable<(string Path, JsonNode Schema)> Settings(JsonNode? schema, string path)
    {
        if (schema is JsonArray list)
            return list.SelectMany((item, index) => Settings(item, $"{path}/{index}"));
        if (schema is not JsonObject node)
            return [];

        var own = node["properties"] is JsonObject properties ? properties.Select(property => ($"{path}/{property.Key}", property.Value!)) : [];
        return [.. own, .. node.SelectMany(member => Settings(member.Value, $"{path}/{member.Key}"))];
    }

    private static bool Says(JsonNode schema, string words) =>
        ((string?)Resolved(schema)["description"])?.Contains(words, StringComparison.Ordinal) == true;

    private static JsonObject Resolved(JsonNode schema)
    {
        if ((string?)schema["$ref"] is not { } reference)
            return schema.AsObject();

        var whole = Resolved(Schema["$defs"]![reference["#/$defs/".Length..]]!).DeepClone().AsObject();
        foreach (var (keyword, value) in schema.AsObject())
            whole[keyword] = value?.DeepClone();
        return whole;
    }

    /// <summary>The settings that the schema describes, each with its kind.</summary>
    private static List<string> Described(JsonNode schema, string path)
    {
        var whole = Resolved(schema);
        if (whole["properties"] is JsonObject properties)
            return [.. properties.SelectMany(property => Described(property.Value!, $"{path}:{property.Key}")).Order(StringComparer.Ordinal)];
        if (whole["additionalProperties"] is JsonObject others)
            return Described(others, $"{path}:*");
        if (whole["items"] is { } items)
            return Described(items, $"{path}:0");

        return [$"{path} {Kind(whole)}"];
    }

    private static string Kind(JsonObject schema) => schema switch
    {
        _ when schema["enum"] is JsonArray values => string.Join('|', values.Select(value => (string?)value)),
        _ when ((string?)schema["title"])?.StartsWith("a duration", StringComparison.Ordinal) == true => "duration",
        _ when schema["type"] is JsonArray types => (string)types[0]!,
        _ => (string)schema["type"]!,
    };

    /// <summary>The settings that the options classes have, in the same form.</summary>
    private static List<string> Options(Type type, string path)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
            return [$"{path} {string.Join('|', Enum.GetNames(plain))}"];
        if (plain == typeof(string) || plain == typeof(Uri) || plain == typeof(DateTimeOffset))
            return [$"{path} string"];
        if (plain == typeof(TimeSpan))
            return [$"{path} duration"];
        if (plain == typeof(bool))
            return [$"{path} boolean"];
        if (plain.IsPrimitive || plain == typeof(decimal))
            return [$"{path} {(plain == typeof(double) || plain == typeof(decimal) ? "number" : "integer")}"];
        if (plain.IsGenericType && typeof(IDictionary).IsAssignableFrom(plain))
            return Options(plain.GetGenericArguments()[1], $"{path}:*");
        if (typeof(IEnumerable).IsAssignableFrom(plain))
            return Options(plain.GetElementType() ?? plain.GetGenericArguments()[0], $"{path}:0");

        return
        [
            .. plain.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.SetMethod is { IsPublic: true })
                .SelectMany(property => Options(property.PropertyType, $"{path}:{property.Name}"))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string SchemaPath([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "src", "CalGateway", "yarp.schema.json"));
}
