using System.Text.Json;
using CalGateway.Journey.Callers;
using CalGateway.Problems;

namespace CalGateway.Diagnosis;

/// <summary>
/// The message in one of Cal.com's error bodies: in the envelope <c>{ status, timestamp, path, error: { code, message } }</c>, or in the bare <c>{
/// statusCode, message }</c> of requests that failed before the envelope.
/// </summary>
internal sealed record UpstreamError(string? Code, string Message, string? Timestamp)
{
    /// <summary>In characters; Cal.com's own messages are shorter.</summary>
    private const int MaxMessageLength = 300;

    /// <summary>Null where the body is not Cal.com's: HTML, other JSON, or incomplete text.</summary>
    public static UpstreamError? Parse(ReadOnlyMemory<byte> utf8, Signature? signature)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return null;

            string? Text(JsonElement parent, string name) => TextOf(parent, name, signature);

            if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
                return Text(error, "message") is { } message ? new UpstreamError(Text(error, "code"), message, Text(root, "timestamp")) : null;

            return root.TryGetProperty("statusCode", out _) && Text(root, "message") is { } bare ? new UpstreamError(null, bare, null) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// As <see cref="Parse"/>, and also accepts any JSON with <c>error</c> or <c>message</c> at the top, as API v1 and proxies write it. Only for quoting:
    /// such a body proves nothing.
    /// </summary>
    public static UpstreamError? ParseLoosely(ReadOnlyMemory<byte> utf8, Signature? signature)
    {
        if (Parse(utf8, signature) is { } known)
            return known;

        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && (TextOf(root, "message", signature) ?? TextOf(root, "error", signature)) is { } said
                ? new UpstreamError(null, said, null)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>
    /// True for the answer of Cal.com's framework when no handler matches method, path and version. No message about a missing resource begins like this.
    /// </summary>
    public bool IsRouteMiss(string method) =>
        Message.StartsWith($"Cannot {method} /", StringComparison.OrdinalIgnoreCase)
        || (HttpMethods.IsHead(method) && Message.StartsWith("Cannot GET /", StringComparison.Ordinal));

    private static string? TextOf(JsonElement parent, string name, Signature? signature)
    {
        if (!parent.TryGetProperty(name, out var value) || value.ValueKind != JsonValueKind.String)
            return null;

        try
        {
            var text = value.GetString()!;
            return signature?.Clean(text, MaxMessageLength) ?? Redaction.Clean(text, MaxMessageLength);
        }
        catch (InvalidOperationException)
        {
            return null; // an invalid escape sequence, which Cal.com does not write
        }
    }
}
