using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Rewrites an address of Cal.com in <c>Location</c> to the path under which the gateway forwards there, as NGINX does by default. Otherwise the caller would
/// follow it past the gateway, and without a credential. Addresses of other hosts are kept.
/// </summary>
internal sealed class LocationTransform(ForwardedTarget target) : ResponseTransform
{
    private static readonly string[] Names = ["Location", "Content-Location"];

    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context.ProxyResponse is not { RequestMessage: { } request } || GatewayCall.Of(context.HttpContext).Sent is not { } sent)
            return ValueTask.CompletedTask;

        var headers = context.HttpContext.Response.Headers;
        foreach (var name in Names)
        {
            if (headers.TryGetValue(name, out var values) && values is [{ Length: > 0 } value] && Rewritten(value, new Uri(sent.Destination), request.Headers.Host) is { } path)
                headers[name] = context.HttpContext.Request.PathBase.ToUriComponent() + path;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Null if the address is another host's, or the route does not lead there.</summary>
    private string? Rewritten(string value, Uri destination, string? host)
    {
        var isOfNoScheme = value.StartsWith("//", StringComparison.Ordinal);
        var isPath = value[0] == '/' && !isOfNoScheme;
        var whole = isPath ? destination.GetLeftPart(UriPartial.Authority) + value : isOfNoScheme ? $"{destination.Scheme}:{value}" : value;
        if (!Uri.TryCreate(whole, UriKind.Absolute, out var address) || !(isPath || IsOwn(address, destination, host)))
            return null;

        var folder = destination.AbsolutePath.TrimEnd('/');
        var path = address.AbsolutePath;
        if (!path.StartsWith(folder, StringComparison.Ordinal) || (path.Length > folder.Length && path[folder.Length] != '/'))
            return null;

        return target.Back(path[folder.Length..]) is { } asked ? asked + address.Query + address.Fragment : null;
    }

    private static bool IsOwn(Uri address, Uri destination, string? host) =>
        (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
        && (IsSame(address, destination.IdnHost, destination.Port, destination.IsDefaultPort)
            || (host is not null && Uri.TryCreate($"{address.Scheme}://{host}", UriKind.Absolute, out var named) && IsSame(address, named.IdnHost, named.Port, named.IsDefaultPort)));

    /// <summary>Ignores the scheme: behind an edge that ends TLS a server may call itself http.</summary>
    private static bool IsSame(Uri address, string host, int port, bool isDefaultPort) =>
        address.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase) && (address.Port == port || (address.IsDefaultPort && isDefaultPort));
}
