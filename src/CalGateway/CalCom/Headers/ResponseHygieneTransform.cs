using System.Collections.Frozen;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Copies the headers of Cal.com's answer, except those that belong to its connection and those that only the gateway may send to its callers: cookies,
/// cross-origin rules, transport security, rate limits.
/// </summary>
internal sealed class ResponseHygieneTransform : ResponseTransform
{
    private static readonly FrozenSet<string> Dropped = new[]
    {
        // Headers of the connection: RFC 9110, section 7.6.1.
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
        // Sent by the gateway itself, or by nobody.
        "Set-Cookie", "Set-Cookie2", "Strict-Transport-Security", "Server", "X-Powered-By", "Alt-Svc", "Clear-Site-Data",
        "Public-Key-Pins", "NEL", "Report-To", "Reporting-Endpoints", "Cache-Status", "Proxy-Status", "RateLimit", "RateLimit-Policy",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { } answer)
            return ValueTask.CompletedTask;

        var target = context.HttpContext.Response.Headers;
        var listed = ListedIn(answer);
        var call = GatewayCall.Of(context.HttpContext);
        Copy(answer.Headers.NonValidated, target, listed, call, isContent: false);
        Copy(answer.Content.Headers.NonValidated, target, listed, call, isContent: true);
        RemoveReasonThatQuotes(call.Signature, context.HttpContext);
        return ValueTask.CompletedTask;
    }

    private static void Copy(HttpHeadersNonValidated source, IHeaderDictionary target, string? listed, GatewayCall call, bool isContent)
    {
        foreach (var (name, values) in source)
        {
            if (IsDropped(name, listed) || IsQuotedIn(call.Signature, values))
                continue;

            if (!isContent && name.Equals(GatewayHeaders.RequestId, StringComparison.OrdinalIgnoreCase))
                call.UpstreamRequestId = Sendable(values.ToString()) is { Length: > 0 } id ? id : null;
            else
                target[name] = values.Count == 1 ? Sendable(values.ToString()) : new StringValues([.. values.Select(Sendable)]);
        }
    }

    /// <summary>Whether a header is never passed on from Cal.com.</summary>
    public static bool IsDropped(string name) => Dropped.Contains(name) || IsOfDroppedFamily(name);

    /// <summary>Whether a header contains the key that signed the request. A server may echo what it was sent; callers, pages and logs must not see the key.</summary>
    private static bool IsQuotedIn(Signature? signature, in HeaderStringValues values)
    {
        if (signature is null)
            return false;

        foreach (var value in values)
        {
            if (signature.IsQuotedIn(value))
                return true;
        }

        return false;
    }

    private static void RemoveReasonThatQuotes(Signature? signature, HttpContext context)
    {
        if (signature is not null && context.Features.Get<IHttpResponseFeature>() is { ReasonPhrase: { } reason } response && signature.IsQuotedIn(reason))
            response.ReasonPhrase = null;
    }

    /// <summary>The headers that <c>Connection</c> lists; null for none.</summary>
    public static string? ListedIn(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("Connection", out var connection) ? connection.ToString() : null;

    /// <summary>Whether a header is not passed on, because of its name or because <c>Connection</c> lists it.</summary>
    /// <param name="listed">The headers that <c>Connection</c> lists; null for none.</param>
    public static bool IsDropped(string name, string? listed) =>
        IsDropped(name) || (listed is not null && IsListed(listed, name));

    private static bool IsOfDroppedFamily(string name) => char.ToLowerInvariant(name[0]) switch
    {
        'a' => IsBelow("Access-Control-", name),
        'c' => IsBelow("Cross-Origin-", name) || IsBelow("CalGateway-", name),
        'x' => IsBelow("X-RateLimit-", name),
        _ => false,
    };

    private static bool IsBelow(string prefix, string name) => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Percent-encodes octets that are not ASCII: header fields may contain them, but Kestrel does not write them. HttpClient has read them as Latin-1, or as the
    /// cluster's ResponseHeaderEncoding says.
    /// </summary>
    private static string Sendable(string value)
    {
        if (!value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return value;

        var text = new StringBuilder(value.Length);
        var encoding = value.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff') ? Encoding.UTF8 : Encoding.Latin1;
        foreach (var octet in encoding.GetBytes(value))
        {
            if (octet is (>= (byte)' ' and <= (byte)'~') or (byte)'\t')
                text.Append((char)octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }

        return text.ToString();
    }

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
