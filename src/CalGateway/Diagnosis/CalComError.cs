using System.Text.Json;

namespace CalGateway.Diagnosis;

/// <summary>
/// Recognises a complete error body of Cal.com: <c>{"error":{"message":…}}</c>, <c>{"statusCode":…,"message":…}</c> or, in API v1,
/// <c>{"error":…,"message":…}</c>. An HTML page of a proxy, or JSON of another form, is no statement about the requested resource.
/// </summary>
internal static class CalComError
{
    public static bool IsIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return false;
            if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
                return HasMessage(error);

            return HasMessage(root) && (error.ValueKind == JsonValueKind.String || root.TryGetProperty("statusCode", out _));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasMessage(JsonElement element) => element.TryGetProperty("message", out var message) && message.ValueKind is JsonValueKind.String or JsonValueKind.Array;
}
