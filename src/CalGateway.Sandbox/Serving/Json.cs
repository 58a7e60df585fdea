using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CalGateway.Sandbox.Serving;

/// <summary>JSON as JavaScript writes and reads it.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(JsonNode json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = Written.Encoder }))
            json.WriteTo(writer, Written);
        return stream.ToArray();
    }

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads an ISO 8601 time; null for anything else, and for years out of range.</summary>
    public static DateTimeOffset? ParseTime(string? text) =>
        text?.Length >= 10
            && char.IsAsciiDigit(text[0])
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time.Year is > 1970 and < 3000
                ? time
                : null;

    public static string? Text(this JsonObject json, string property) =>
        json[property] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static int? Number(this JsonObject json, string property) =>
        json[property] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    public static bool? Flag(this JsonObject json, string property) =>
        json[property] is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    public static JsonArray ArrayOf(IEnumerable<JsonNode?> items) => new([.. items]);
}
