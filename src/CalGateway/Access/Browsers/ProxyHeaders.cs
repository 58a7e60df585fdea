using System.Collections.Frozen;
using CalGateway.Access.Callers;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Access.Browsers;

/// <summary>
/// Whether a request says that a proxy passed it on from another machine. In the mode Loopback such a request must not have the rights of the owner. A proxy
/// that does not name its client cannot be recognised.
/// </summary>
internal static class ProxyHeaders
{
    /// <summary>Headers with the address of the client, as proxies and CDNs write them beside the standard <c>Forwarded</c> (RFC 7239).</summary>
    private static readonly string[] ClientHeaders =
    [
        "X-Forwarded-For", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-Original-For", "X-Remote-IP", "X-Remote-Addr", "Client-IP",
        "Forwarded-For", "True-Client-IP", "CF-Connecting-IP", "CF-Connecting-IPv6", "Fastly-Client-IP", "Fly-Client-IP", "DO-Connecting-IP", "X-Azure-ClientIP",
        "X-Azure-SocketIP", "X-AppEngine-User-IP", "X-Vercel-Forwarded-For", "X-Envoy-External-Address", "CloudFront-Viewer-Address", "Proxy-Client-IP", "WL-Proxy-Client-IP",
    ];

    /// <summary>Headers with the name of the host that the client asked for, or of a proxy.</summary>
    private static readonly string[] HostHeaders = ["X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "X-Host", "CDN-Loop"];

    private static readonly string[] HopHeaders = ["Forwarded", "X-Forwarded"];

    /// <summary>For each header, whether a value of it names this machine.</summary>
    private static readonly FrozenDictionary<string, Func<string, bool>> Rules = ClientHeaders.Select(name => KeyValuePair.Create(name, (Func<string, bool>)ClientAddress.IsLoopback))
        .Concat(HostHeaders.Select(name => KeyValuePair.Create(name, (Func<string, bool>)IsLoopbackHost)))
        .Concat(HopHeaders.Select(name => KeyValuePair.Create(name, (Func<string, bool>)IsLoopbackHop)))
        .Append(KeyValuePair.Create("Via", (Func<string, bool>)IsLoopbackProxy))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Goes through the headers that were sent, which are fewer than those in the table.</summary>
    public static bool NameAnotherMachine(IHeaderDictionary headers)
    {
        foreach (var (name, values) in headers)
        {
            if (Rules.TryGetValue(name, out var isLoopback) && !All(values, isLoopback))
                return true;
        }

        return false;
    }

    private static bool All(StringValues values, Func<string, bool> isLoopback) =>
        values.ToString().Split(',', StringSplitOptions.TrimEntries).All(isLoopback);

    /// <summary>An item such as <c>for=127.0.0.1;proto=https</c>. Only the protocol names no machine.</summary>
    private static bool IsLoopbackHop(string hop) => hop.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).All(pair =>
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        var value = pair[(equals + 1)..].Trim().Trim('"');
        return equals > 0 && pair[..equals].Trim().ToUpperInvariant() switch
        {
            "PROTO" => true,
            "HOST" => IsLoopbackHost(value),
            _ => ClientAddress.IsLoopback(value) || IsLoopbackHost(value),
        };
    });

    /// <summary>An item of <c>Via</c> such as <c>1.1 localhost:8080</c>: the protocol, and the host or pseudonym of the proxy that received the request.</summary>
    private static bool IsLoopbackProxy(string proxy) =>
        proxy.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var receivedBy, ..] && IsLoopbackHost(receivedBy);

    private static bool IsLoopbackHost(string host) => LoopbackRules.IsLoopbackName(new HostString(host).Host) || ClientAddress.IsLoopback(host);
}
