using System.Text.Json;
using CalGateway.Diagnosis.Bodies;
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

    /// <summary>Reads the beginning of an answer's body.</summary>
    /// <inheritdoc cref="Parse"/>
    public static async Task<UpstreamError?> ReadAsync(HttpResponseMessage answer, Signature? signature, TimeProvider clock, CancellationToken cancellation)
    {
        var body = await PeekedBody.ReadAsync(answer, clock, cancellation);
        return Parse(body.Unpacked(answer.Content.Headers.ContentEncoding), signature);
    }

    /// <summary>Null where the body is not Cal.com's: HTML, other JSON, or incomplete text.</summary>
    public static UpstreamError? Parse(ReadOnlyMemory<byte> utf8, Signature? signature) => Read(utf8, root =>
    {
        string? Text(JsonElement parent, string name) => TextOf(parent, name, signature);

        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
            return Text(error, "message") is { } message ? new UpstreamError(Text(error, "code"), message, Text(root, "timestamp")) : null;

        return root.TryGetProperty("statusCode", out _) && Text(root, "message") is { } bare ? new UpstreamError(null, bare, null) : null;
    });

    /// <summary>
    /// As <see cref="Parse"/>, and also accepts any JSON with <c>error</c> or <c>message</c> at the top, as API v1 and proxies write it. Only for quoting:
    /// such a body proves nothing.
    /// </summary>
    public static UpstreamError? ParseLoosely(ReadOnlyMemory<byte> utf8, Signature? signature) => Parse(utf8, signature) ?? Read(utf8, root =>
        (TextOf(root, "message", signature) ?? TextOf(root, "error", signature)) is { } said ? new UpstreamError(null, said, null) : null);

    /// <summary>
    /// Whether this is a complete error body of Cal.com: as above or, in API v1, <c>{"error":…,"message":…}</c>. An HTML page of a proxy, or JSON of another form,
    /// says nothing about the requested resource.
    /// </summary>
    public static bool IsIn(ReadOnlyMemory<byte> utf8) => Read(utf8, root =>
        root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
            ? HasMessage(error)
            : HasMessage(root) && (error.ValueKind == JsonValueKind.String || root.TryGetProperty("statusCode", out _)));

    /// <summary>
    /// True for the answer of Cal.com's framework when no handler matches method, path and version. No message about a missing resource begins like this.
    /// </summary>
    public bool IsRouteMiss(string method) =>
        Message.StartsWith($"Cannot {method} /", StringComparison.OrdinalIgnoreCase)
        || (HttpMethods.IsHead(method) && Message.StartsWith("Cannot GET /", StringComparison.Ordinal));

    /// <summary>The default where the bytes are no JSON object.</summary>
    private static T? Read<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T?> read)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind == JsonValueKind.Object ? read(document.RootElement) : default;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException) // InvalidOperationException: a name is not valid UTF-16
        {
            return default;
        }
    }

    private static bool HasMessage(JsonElement element) => element.TryGetProperty("message", out var message) && message.ValueKind is JsonValueKind.String or JsonValueKind.Array;

    /// <summary>Null where there is no such text, or it is not valid UTF-16: an error with such a code still has its message.</summary>
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
            return null;
        }
    }
}
