using CalGateway.Problems;

namespace CalGateway.Access.Browsers;

/// <summary>
/// In the mode Loopback everybody who can reach the address may act as the owner. These rules refuse what reaches it by a detour: a foreign web page in the
/// developer's browser, directly or by a name that it makes resolve to this machine (DNS rebinding), and requests that a proxy on this machine passes on
/// from other machines.
/// </summary>
internal sealed class LoopbackRules(CorsRules cors)
{
    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>The last host name that was accepted. Callers mostly use one name, and comparing with it costs a tenth of parsing it.</summary>
    private string? _ownName;

    public GatewayProblem? Refusal(HttpRequest request)
    {
        if (!IsOwnName(request.Host))
            return Refused($"The host \"{Redaction.Clean(request.Host.Host, 100)}\" is no name of this machine's own.", "Ask for localhost or 127.0.0.1.");

        var headers = request.Headers;
        if (ProxyHeaders.NameAnotherMachine(headers))
            return Refused("The request was passed on from another machine, whose callers this gateway cannot tell apart.", "Set CalGateway:Access:Mode to ApiKey, Jwt or Anonymous.");

        if (headers.Origin is { Count: > 0 } origin)
        {
            return cors.Allows(origin.ToString()) || IsSameOrigin(origin.ToString(), request)
                ? null
                : Refused("The request comes from a web page that is not allowed.", "Add its origin to CalGateway:Access:Cors:Origins in yarp.json.");
        }

        return headers.TryGetValue(FetchSite, out var site) && site == "cross-site"
            ? Refused("The request comes from a web page of another site.", "Ask without a browser, or add the page's origin to CalGateway:Access:Cors:Origins.")
            : null;
    }

    private bool IsOwnName(HostString host)
    {
        if (!host.HasValue || host.Value == Volatile.Read(ref _ownName))
            return true;
        if (!IsLoopbackName(host.Host))
            return false;

        Volatile.Write(ref _ownName, host.Value);
        return true;
    }

    /// <summary>Names below localhost resolve to this machine, too (RFC 6761).</summary>
    public static bool IsLoopbackName(string host) =>
        ExposureGuard.IsLoopbackHost(host) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsSameOrigin(ReadOnlySpan<char> origin, HttpRequest request) =>
        origin.StartsWith(request.Scheme, StringComparison.Ordinal)
        && origin[request.Scheme.Length..].StartsWith("://", StringComparison.Ordinal)
        && origin[(request.Scheme.Length + 3)..].Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private static GatewayProblem Refused(string why, string remedy) => GatewayProblem.Of(ProblemTypes.Forbidden, why, remedy);
}
