using System.Collections.Frozen;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// The caller's request headers that are forwarded to Cal.com. This is a list of allowed names, because a list of forbidden ones could never be complete:
/// credentials, cookies, addresses, trace context, and whatever a proxy in front of the gateway adds.
/// </summary>
internal static class CallerHeaders
{
    public static readonly FrozenSet<string> Forwarded = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Accept", "Accept-Language", "User-Agent",
        "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Disposition",
        "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Range", "If-Range",
        "Cache-Control", "Prefer", "Idempotency-Key");

    /// <summary>Headers of one connection (RFC 9110, section 7.6.1), and those that servers treat like them.</summary>
    private static readonly FrozenSet<string> OfConnection = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade", "HTTP2-Settings");

    private static readonly FrozenSet<string> Credentials =
        FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Authorization", "X-Api-Key", "CalGateway-Token", "x-cal-secret-key");

    private static readonly FrozenSet<string> Cookies = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "Cookie", "Cookie2");

    /// <summary>Addresses and traces of the caller's side, and headers that the gateway sets itself for each request.</summary>
    private static readonly FrozenSet<string> OfThisSide = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Host", "Accept-Encoding", ApiVersionPin.Header, "Forwarded", "Via", "X-Real-IP", "Origin", "Referer", "Expect", "Upgrade-Insecure-Requests",
        "traceparent", "tracestate", "baggage", "Correlation-Context", "Request-Id", "X-Request-Id", "X-Content-Length");

    /// <summary>The headers of YARP's transform <c>X-Forwarded</c>, without their prefix.</summary>
    public static readonly string[] ForwardedParts = ["For", "Proto", "Host", "Prefix"];

    public static bool IsOfConnection(string name) => OfConnection.Contains(name);

    public static bool IsCookie(string name) => Cookies.Contains(name);

    public static bool IsCredential(string name) => Credentials.Contains(name);

    /// <summary>Whether a route that copies all headers may forward this one. YARP itself leaves out only headers of the connection.</summary>
    public static bool MayBeForwarded(string name) =>
        !IsOfConnection(name) && !IsCookie(name) && !IsCredential(name) && !OfThisSide.Contains(name)
        && !name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) && !name.StartsWith(':')
        && !name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a route copies headers, and which; null for all for which <see cref="MayBeForwarded"/> is true.</summary>
    public static (bool IsCopying, FrozenSet<string>? Names) Of(RouteConfig route)
    {
        var transforms = route.Transforms ?? [];
        var allowed = transforms.Select(transform => transform.GetValueOrDefault("RequestHeadersAllowed")).OfType<string>().ToList();
        if (allowed.Count > 0)
            return (true, allowed.SelectMany(list => list.Split(';')).ToFrozenSet(StringComparer.OrdinalIgnoreCase));

        return transforms.Select(transform => transform.GetValueOrDefault("RequestHeadersCopy")).OfType<string>().LastOrDefault() is { } copy && bool.TryParse(copy, out var isOn)
            ? (isOn, null)
            : (true, Forwarded.Concat(transforms.SelectMany(Appended)).ToFrozenSet(StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The headers that a route forwards in addition to <see cref="Forwarded"/>. An answer may depend on them.</summary>
    public static IReadOnlyList<string> BeyondUsual(RouteConfig route) =>
        Of(route) is { IsCopying: true, Names: { } names } ? [.. names.Where(name => !Forwarded.Contains(name))] : [];

    /// <summary>The headers to which a transform appends. The caller's value must be forwarded, so that there is something to append to.</summary>
    private static IEnumerable<string> Appended(IReadOnlyDictionary<string, string> transform)
    {
        if (transform.ContainsKey("Append"))
        {
            if ((transform.GetValueOrDefault("RequestHeader") ?? transform.GetValueOrDefault("RequestHeaderRouteValue")) is { } name)
                yield return name;
        }
        else if (transform.TryGetValue("X-Forwarded", out var usual))
        {
            var prefix = transform.GetValueOrDefault("HeaderPrefix") ?? "X-Forwarded-";
            foreach (var part in ForwardedParts)
            {
                if (IsAppend(transform.GetValueOrDefault(part) ?? usual))
                    yield return prefix + part;
            }
        }
        else if (transform.ContainsKey("Forwarded") && IsAppend(transform.GetValueOrDefault("Action")))
        {
            yield return "Forwarded";
        }
    }

    private static bool IsAppend(string? action) => "Append".Equals(action, StringComparison.OrdinalIgnoreCase);
}
