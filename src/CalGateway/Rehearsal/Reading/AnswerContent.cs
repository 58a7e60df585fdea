using System.Text.Json;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Rehearsal.Reading;

/// <summary>
/// Finds in an answer what the next read needs: the id of the first item of a list, or a member. Such values become part of an address and are never shown.
/// </summary>
/// <param name="root">The answer, or the part of it that was read.</param>
internal sealed class AnswerContent(JsonElement root)
{
    private const int MaxDepth = 5;

    /// <summary>In characters. Longer texts are not ids, and an address could not hold them.</summary>
    private const int MaxIdLength = 200;

    /// <summary>Null where the body is not JSON; the comparison reports that.</summary>
    public static AnswerContent? Of(ReadAnswer answer)
    {
        if (!answer.IsSuccess)
            return null;

        try
        {
            var body = answer.Body.AsMemory(answer.Body.AsSpan().StartsWith(StructureReader.ByteOrderMark) ? StructureReader.ByteOrderMark.Length : 0);
            using var document = JsonDocument.Parse(answer.IsCut ? BeginningOf(body.Span) : body);
            return new AnswerContent(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A member of the answer's <c>data</c>; null where there is none.</summary>
    public string? Member(string name) =>
        root.ValueKind == JsonValueKind.Object && Find(root, "data") is { ValueKind: JsonValueKind.Object } data && Find(data, name) is { } value ? Text(value) : null;

    /// <summary>A member of the first item of the first list, at any depth: older versions wrap their lists.</summary>
    public string? First(string[] names) => First(root, names, 0, isItem: false);

    private static string? First(JsonElement element, string[] names, int depth, bool isItem)
    {
        if (depth > MaxDepth)
            return null;
        if (element.ValueKind == JsonValueKind.Array)
            return element.EnumerateArray().Select(item => First(item, names, depth + 1, isItem: true)).FirstOrDefault(id => id is not null);
        if (element.ValueKind != JsonValueKind.Object)
            return null;

        return (isItem ? names.Select(name => Find(element, name) is { } id ? Text(id) : null).FirstOrDefault(id => id is not null) : null)
            ?? element.EnumerateObject().Select(member => First(member.Value, names, depth + 1, isItem: false)).FirstOrDefault(id => id is not null);
    }

    private static JsonElement? Find(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) ? value : null;
        }
        catch (InvalidOperationException)
        {
            return null; // a name in it is not valid text
        }
    }

    private static string? Text(JsonElement value)
    {
        try
        {
            var text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
            return text is { Length: > 0 and <= MaxIdLength } && text.Any(character => character != '.') ? text : null; // "." and ".." are not usable as segments
        }
        catch (InvalidOperationException)
        {
            return null; // not valid text, such as half of a surrogate pair
        }
    }

    /// <summary>Makes JSON of a truncated answer: everything up to the last complete object, with the open brackets closed.</summary>
    private static byte[] BeginningOf(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, isFinalBlock: false, default);
        var (open, end, closing) = (new Stack<byte>(), 0, Array.Empty<byte>());
        while (json.Read())
        {
            if (json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                open.Push(json.TokenType == JsonTokenType.StartObject ? (byte)'}' : (byte)']');
            else if (json.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                open.Pop();
            if (json.TokenType == JsonTokenType.EndObject)
                (end, closing) = ((int)json.BytesConsumed, [.. open]);
        }

        return [.. body[..end], .. closing];
    }
}
