using System.Text.Json;
using CalGateway.Journey.Callers;
using CalGateway.Problems;

namespace CalGateway.Diagnosis;

/// <summary>
/// What an error body of Cal.com's says, in any of its forms: the envelope <c>{ status, timestamp, path, error: { code, message } }</c>,
/// or the bare <c>{ statusCode, message }</c> of what never reached the envelope.
/// </summary>
internal sealed record UpstreamError(string? Code, string Message, string? Timestamp)
{
    /// <summary>Nothing of Cal.com's own is longer.</summary>
    private const int MaxMessageLength = 300;

    /// <summary>Null for what is not Cal.com's: HTML, other JSON, broken or cut-off text.</summary>
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

    /// <summary>As <see cref="Parse"/>, and in any other JSON an <c>error</c> or <c>message</c> at the top, as API v1 and proxies write it: to be quoted, not to be judged by.</summary>
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

    /// <summary>Nest's answer when no handler matches method, path and version. No message about a thing begins like that.</summary>
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
            return null; // An escape that is no character: whoever wrote it, it was not Cal.com.
        }
    }
}
