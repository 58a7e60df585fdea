using System.Collections.Frozen;
using System.Net;
using CalGateway.Access.Callers;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Access.Browsers;

/// <summary>
/// Whether a request says that it was passed on for another machine. Where the address is the authority, a proxy beside the gateway must not lend it to
/// whoever the proxy lets in. A proxy that names nobody cannot be told from the owner.
/// </summary>
internal static class NamesOfOthers
{
    /// <summary>Each names the client by its address. The standard's own name is <c>Forwarded</c> (RFC 7239); these are what proxies and CDNs write besides.</summary>
    private static readonly string[] OfClients =
    [
        "X-Forwarded-For", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-Original-For", "X-Remote-IP", "X-Remote-Addr", "Client-IP",
        "Forwarded-For", "True-Client-IP", "CF-Connecting-IP", "CF-Connecting-IPv6", "Fastly-Client-IP", "Fly-Client-IP", "DO-Connecting-IP", "X-Azure-ClientIP",
        "X-Azure-SocketIP", "X-AppEngine-User-IP", "X-Vercel-Forwarded-For", "X-Envoy-External-Address", "CloudFront-Viewer-Address", "Proxy-Client-IP", "WL-Proxy-Client-IP",
    ];

    /// <summary>Each names the host that the client asked for, or a proxy.</summary>
    private static readonly string[] OfHosts = ["X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "X-Host", "CDN-Loop"];

    private static readonly string[] OfHops = ["Forwarded", "X-Forwarded"];

    /// <summary>What in each of these headers speaks of this machine alone.</summary>
    private static readonly FrozenDictionary<string, Func<string, bool>> Rules = OfClients.Select(name => KeyValuePair.Create(name, (Func<string, bool>)ClientAddress.IsLoopback))
        .Concat(OfHosts.Select(name => KeyValuePair.Create(name, (Func<string, bool>)IsLoopbackHost)))
        .Concat(OfHops.Select(name => KeyValuePair.Create(name, (Func<string, bool>)IsLoopbackHop)))
        .Append(KeyValuePair.Create("Via", (Func<string, bool>)IsLoopbackProxy))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Goes through what was sent, which is less than what might have been.</summary>
    public static bool AreIn(IHeaderDictionary headers)
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

    /// <summary><c>for=127.0.0.1;proto=https</c>: who asked, which host was asked for, at which interface it came in. The protocol is nobody's name.</summary>
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

    /// <summary><c>1.1 localhost:8080</c>: the protocol, and who received the request, by host or by a name of its own.</summary>
    private static bool IsLoopbackProxy(string proxy) =>
        proxy.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var receivedBy, ..] && IsLoopbackHost(receivedBy);

    private static bool IsLoopbackHost(string host) => LoopbackRules.IsLoopbackName(new HostString(host).Host) || ClientAddress.IsLoopback(host);
}
