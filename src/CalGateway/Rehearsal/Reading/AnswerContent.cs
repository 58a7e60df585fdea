using System.Text.Json;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Rehearsal.Reading;

/// <summary>
/// What of an answer the next read is asked with: the id of the first thing in a list, or a member. It becomes a part of an address and is shown nowhere.
/// </summary>
/// <param name="root">The whole answer, or as much of it as was read.</param>
internal sealed class AnswerContent(JsonElement root)
{
    private const int MaxDepth = 5;

    /// <summary>Longer ones are no ids, and fit no address.</summary>
    private const int LongestId = 200;

    /// <summary>Null for what is no JSON: that is told where it is compared.</summary>
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

    /// <summary>A member of the answer's <c>data</c>.</summary>
    public string? Member(string name) =>
        root.ValueKind == JsonValueKind.Object && Find(root, "data") is { ValueKind: JsonValueKind.Object } data && Find(data, name) is { } value ? Text(value) : null;

    /// <summary>Of the first item of the first list, however deep it lies: older versions wrap their lists.</summary>
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
            return null; // another name in it is no text
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
            return text is { Length: > 0 and <= LongestId } && text.Any(character => character != '.') ? text : null; // "." and ".." are no segments
        }
        catch (InvalidOperationException)
        {
            return null; // no text, such as half of a surrogate pair
        }
    }

    /// <summary>Of an answer that goes on: up to the last object that was read to its end, with what is open closed.</summary>
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
