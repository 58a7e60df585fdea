using System.Text;
using System.Text.Json.Nodes;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Tests.Diagnosis.Structures;

/// <summary>Random answers with a secret in every value and in every key that is data.</summary>
public sealed class NoValueTests
{
    private const string Secret = "s3cr3t";
    private static readonly string[] Fields = ["id", "data", "items", "name", "startTime", "status", "metadata", "users", "x_y", "length"];

    [Fact]
    public void No_value_of_any_answer_is_in_what_is_told_of_two()
    {
        var random = new Random(20261128);
        for (var round = 0; round < 3000; round++)
        {
            var told = string.Join('\n', StructureComparison.Compare(Read(Make(random, 0)), Read(Make(random, 0)), Read(Make(random, 0))).Differences);
            var compared = StructureComparison.Compare(Read(Make(random, 0)), Read(Make(random, 0)));

            Assert.DoesNotContain(Secret, $"{told}\n{string.Join('\n', compared.Differences)}\n{string.Join('\n', compared.NotCompared)}", StringComparison.OrdinalIgnoreCase);
        }
    }

    internal static JsonNode? Make(Random random, int depth) => (depth == 0 ? random.Next(2) : random.Next(depth > 5 ? 2 : 0, 8)) switch
    {
        0 => new JsonObject(Enumerable.Range(0, random.Next(6)).Select(_ => Key(random)).Distinct().Select(key => KeyValuePair.Create(key, Make(random, depth + 1)))),
        1 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Make(random, depth + 1))]),
        2 => random.Next() is var number ? JsonValue.Create($"{Secret} {number}") : null,
        3 => JsonValue.Create(Secret),
        4 => JsonValue.Create($"{Secret}-{(char)('a' + random.Next(26))}"),
        5 => JsonValue.Create(random.Next(2) == 0),
        6 => null,
        _ => JsonValue.Create(random.Next()),
    };

    /// <summary>Names of fields, and keys that are data: a date, a number, an id, an address, free text.</summary>
    private static string Key(Random random) => random.Next(10) switch
    {
        0 => $"{Secret}{random.Next(1000, 9999)}",
        1 => $"{Secret}@example.com",
        2 => $"the {Secret}",
        3 => $"2026-11-{random.Next(10, 28)}T{Secret}",
        _ => Fields[random.Next(Fields.Length)],
    };

    private static AnswerStructure Read(JsonNode? body) => StructureReader.Read(Encoding.UTF8.GetBytes(body?.ToJsonString() ?? "null"));
}
