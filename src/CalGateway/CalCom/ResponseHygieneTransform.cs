using System.Collections.Frozen;
using System.Net.Http.Headers;
using CalGateway.Envelope;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// Copies the headers of Cal.com's answer, less those that speak of its connection to us or that only the gateway
/// may say to its callers: cookies, cross-origin rules, transport security, rate limits.
/// </summary>
internal sealed class ResponseHygieneTransform : ResponseTransform
{
    private static readonly FrozenSet<string> Dropped = new[]
    {
        // RFC 9110, section 7.6.1: the connection's own.
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
        // The gateway's to say, or nobody's.
        "Set-Cookie", "Set-Cookie2", "Strict-Transport-Security", "Server", "X-Powered-By", "Alt-Svc", "Clear-Site-Data",
        "Public-Key-Pins", "NEL", "Report-To", "Reporting-Endpoints", "Cache-Status", "Proxy-Status", "RateLimit", "RateLimit-Policy",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly string[] DroppedPrefixes = ["Access-Control-", "Cross-Origin-", "X-RateLimit-", "CalGateway-"];

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer)
            return ValueTask.CompletedTask;

        var target = context.HttpContext.Response.Headers;
        var listed = answer.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection.ToString() : null;
        Copy(answer.Headers.NonValidated, target, listed);
        Copy(answer.Content.Headers.NonValidated, target, listed);

        if (target.Remove(GatewayHeaders.RequestId, out var upstreamId))
            GatewayCall.Of(context.HttpContext).UpstreamRequestId = upstreamId.ToString();

        return ValueTask.CompletedTask;
    }

    private static void Copy(HttpHeadersNonValidated source, IHeaderDictionary target, string? listed)
    {
        foreach (var (name, values) in source)
        {
            if (!IsDropped(name, listed))
                target[name] = values.Count == 1 ? values.ToString() : new StringValues([.. values]);
        }
    }

    private static bool IsDropped(string name, string? listed)
    {
        if (Dropped.Contains(name))
            return true;

        foreach (var prefix in DroppedPrefixes)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return listed is not null && IsListed(listed, name);
    }

    /// <summary>A header that <c>Connection</c> lists is the connection's own as well.</summary>
    private static bool IsListed(ReadOnlySpan<char> listed, ReadOnlySpan<char> name)
    {
        foreach (var range in listed.Split(','))
        {
            if (listed[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
