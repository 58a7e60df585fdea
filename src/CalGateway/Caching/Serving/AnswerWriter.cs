using CalGateway.Caching.Filling;
using CalGateway.Caching.Store;
using CalGateway.CalCom.Headers;
using CalGateway.Journey;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Serving;

/// <summary>Writes an answer to a caller: completely, without the body for a HEAD, or as a 304 if the caller has it already.</summary>
internal static class AnswerWriter
{
    /// <summary>Headers that describe how the body came to the gateway, or that are written anew.</summary>
    private static readonly string[] NotCopied = [HeaderNames.ContentLength, HeaderNames.TransferEncoding, HeaderNames.Age];

    private const int ChunkBytes = 128 * 1024;

    public static Task WriteAsync(HttpContext context, StoredAnswer answer, StringValues age)
    {
        var request = context.Request;
        var response = context.Response;
        var headers = response.Headers;
        var forms = answer.Body; // read once: the compressed forms may be added at any time
        var body = AcceptedEncodings.Pick(forms, request.Headers.AcceptEncoding);

        foreach (var (name, value) in answer.Headers)
            headers[name] = value;
        headers.Age = age;

        if (request.Headers.IfNoneMatch is { Count: > 0 } tags && EntityTags.Match(tags, forms, body) is { } known)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            headers.ETag = known.EntityTag;
            headers.Remove(HeaderNames.ContentType);
            return Task.CompletedTask;
        }

        headers.ETag = body.EntityTag;
        if (body.Encoding is not null)
            headers.ContentEncoding = body.Encoding;
        headers.ContentLength = body.Body.Length;
        return HttpMethods.IsHead(request.Method) ? Task.CompletedTask : WriteBodyAsync(context, body.Body);
    }

    /// <summary>Writes an answer that is not stored, as Cal.com sent it.</summary>
    /// <param name="since">How long ago the answer came.</param>
    public static Task WriteAsync(HttpContext context, Exchange exchange, TimeSpan since)
    {
        context.Response.StatusCode = exchange.Status;
        var headers = context.Response.Headers;
        foreach (var (name, value) in exchange.Headers)
        {
            if (!NotCopied.Contains(name, StringComparer.OrdinalIgnoreCase))
                headers[name] = value;
        }

        if (headers.RetryAfter is [{ } wait])
            headers.RetryAfter = RetryAfter.LeftOf(wait, since);
        GatewayCall.Of(context).Plan?.Edits.ApplyTo(headers, exchange.Status);
        if (exchange.Status is StatusCodes.Status204NoContent or StatusCodes.Status304NotModified)
            return Task.CompletedTask;

        headers.ContentLength = exchange.Body.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : WriteBodyAsync(context, exchange.Body);
    }

    private static Task WriteBodyAsync(HttpContext context, byte[] body)
    {
        if (body.Length > ChunkBytes)
            return WriteInChunksAsync(context, body);

        var flush = context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
        if (!flush.IsCompletedSuccessfully)
            return flush.AsTask();

        flush.GetAwaiter().GetResult();
        return Task.CompletedTask;
    }

    /// <summary>Kestrel copies a buffer before it waits for the caller to read it. Written at once, a large body would exist once for each caller.</summary>
    private static async Task WriteInChunksAsync(HttpContext context, byte[] body)
    {
        for (var written = 0; written < body.Length; written += ChunkBytes)
        {
            var flush = await context.Response.BodyWriter.WriteAsync(body.AsMemory(written, Math.Min(ChunkBytes, body.Length - written)), context.RequestAborted);
            if (flush.IsCompleted)
                return; // the caller has gone
        }
    }
}
