using System.Collections.Frozen;
using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Removes from an answer that is fetched for all callers the headers that describe one exchange only, and from other clusters' answers also those that are never
/// passed on from Cal.com. Headers that the route's own transforms add later are kept.
/// </summary>
internal sealed class ExchangeHeadersTransform : ResponseTransform
{
    /// <summary>The headers that describe one exchange only. A stored answer is served to other requests.</summary>
    private static readonly FrozenSet<string> Names = new[]
    {
        // Time and route of the answer.
        "Age", "Date", "Via", "Retry-After", "Server-Timing", "X-Response-Time", "X-Runtime", "X-Timer", "X-Served-By", "X-Cache", "X-Cache-Hits", "X-Cache-Status",
        "X-Render-Origin-Server", "Fly-Cache-Status", "CDN-Cache",
        // Ids of one request, for logs and traces.
        "Request-Id", "X-Request-Id", "X-Correlation-Id", "Correlation-Id", "X-Trace-Id", "Trace-Id", "traceparent", "tracestate", "baggage", "b3", "X-Amzn-Trace-Id",
        "X-Amzn-RequestId", "X-Amz-Request-Id", "X-Amz-Id-2", "X-Amz-Cf-Id", "X-Amz-Cf-Pop", "X-Cloud-Trace-Context", "Fly-Request-Id", "rndr-id", "sentry-trace",
        // About the bytes as they were sent; the gateway compresses answers anew.
        "Content-Digest", "Repr-Digest", "Digest", "Content-MD5", "Content-Range", "Accept-Ranges", "Signature", "Signature-Input",
        // About the caller.
        "Authentication-Info",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] Families = ["cf-", "x-vercel-", "x-b3-", "x-envoy-", "x-railway-", "x-datadog-"];

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer || !GatewayCall.Of(context.HttpContext).IsFill)
            return ValueTask.CompletedTask;

        var headers = context.HttpContext.Response.Headers;
        var listed = ResponseHygieneTransform.ListedIn(answer);
        foreach (var name in headers.Keys.Where(name => IsOfOneExchange(name) || ResponseHygieneTransform.IsDropped(name, listed)).ToList())
            headers.Remove(name);
        return ValueTask.CompletedTask;
    }

    private static bool IsOfOneExchange(string name) => Names.Contains(name) || Families.Any(family => name.StartsWith(family, StringComparison.OrdinalIgnoreCase));
}
