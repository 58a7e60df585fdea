using System.Text.Json;

namespace CalGateway.Diagnosis;

/// <summary>
/// Whether a body is an error of Cal.com's own, complete: <c>{"error":{"message":…}}</c>, <c>{"statusCode":…,"message":…}</c> or, as API v1 says it,
/// <c>{"error":…,"message":…}</c>. A page of an edge, or JSON of another form, says nothing of what was asked for.
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
