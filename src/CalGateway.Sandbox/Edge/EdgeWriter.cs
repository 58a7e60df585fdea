using Microsoft.Net.Http.Headers;

namespace CalGateway.Sandbox.Edge;

/// <summary>Sends an answer as Cal.com's edge does: with its headers, compressed if the caller accepts that, and as 304 if the caller has it already.</summary>
internal sealed class EdgeWriter(EdgeHeaders edge)
{
    public async Task WriteAsync(HttpContext context, Outgoing answer)
    {
        var response = context.Response;
        Begin(context, answer);
        if (answer.Status == StatusCodes.Status204NoContent)
            return;

        response.Headers.ETag = answer.Payload.ETag;
        if (IsFresh(context.Request, answer))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = answer.ContentType;
        var encoding = Encodings.Pick(context.Request.Headers.AcceptEncoding, answer.Payload.Bytes.Length);
        var body = answer.Payload.Bytes;
        if (encoding is not null)
        {
            response.Headers.ContentEncoding = encoding;
            body = answer.Payload.Encoded(encoding);
        }
        else
        {
            response.ContentLength = body.Length; // a compressed body goes in chunks, as the edge compresses while it sends
        }

        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Sets the status and every header but those that describe the body.</summary>
    public void Begin(HttpContext context, Outgoing answer)
    {
        context.Response.StatusCode = answer.Status;
        edge.Apply(context.Response.Headers);
        foreach (var (name, value) in answer.Headers)
            context.Response.Headers[name] = value;
    }

    // Express compares tags weakly, and only for a read that went well.
    private static bool IsFresh(HttpRequest request, Outgoing answer)
    {
        var asked = request.Headers.IfNoneMatch;
        if (asked.Count == 0 || answer.Status is < 200 or > 299 || !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)))
            return false;

        return EntityTagHeaderValue.TryParseList(asked, out var tags)
            && tags.Any(tag => tag.Tag == "*" || EntityTagHeaderValue.Parse(answer.Payload.ETag).Compare(tag, useStrongComparison: false));
    }
}
