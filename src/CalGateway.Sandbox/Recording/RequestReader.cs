using Microsoft.AspNetCore.Http.Features;

namespace CalGateway.Sandbox.Recording;

/// <summary>Reads a complete request, in the form in which it is recorded.</summary>
internal static class RequestReader
{
    // The largest body that is recorded. A longer one is still read to its end, so that the connection stays usable.
    private const int KeptBody = 1024 * 1024;

    public static async ValueTask<RecordedRequest> ReadAsync(HttpContext context, TimeProvider time)
    {
        var raw = context.Features.GetRequiredFeature<IHttpRequestFeature>();
        var (path, query) = SplitTarget(raw.RawTarget);
        var body = CarriesBody(context.Request) ? await ReadBodyAsync(context) : [];

        return new RecordedRequest(raw.Method, raw.RawTarget, path, query, HeadersOf(context.Request), body, raw.Protocol, time.GetUtcNow(), context.Connection.Id);
    }

    private static (string Path, string Query) SplitTarget(string target)
    {
        // The absolute form (GET http://host/path) names the server as well.
        var scheme = target.StartsWith('/') ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            var slash = target.IndexOf('/', scheme + 3);
            target = slash < 0 ? "/" : target[slash..];
        }

        var question = target.IndexOf('?', StringComparison.Ordinal);
        return question < 0 ? (target, "") : (target[..question], target[question..]);
    }

    private static bool CarriesBody(HttpRequest request) =>
        request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0;

    private static List<KeyValuePair<string, string>> HeadersOf(HttpRequest request)
    {
        var headers = new List<KeyValuePair<string, string>>(request.Headers.Count);
        foreach (var (name, values) in request.Headers)
        {
            foreach (var value in values)
                headers.Add(new(name.ToLowerInvariant(), value ?? ""));
        }

        return headers;
    }

    private static async ValueTask<byte[]> ReadBodyAsync(HttpContext context)
    {
        using var kept = new MemoryStream();
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            foreach (var part in read.Buffer)
                kept.Write(part.Span[..(int)Math.Min(part.Length, KeptBody - kept.Length)]);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return kept.ToArray();
        }
    }
}
