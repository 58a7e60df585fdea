using CalGateway.Problems;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>How large a request's body may be: on a route, the tighter of two settings.</summary>
/// <param name="Bytes">The most.</param>
/// <param name="Setting">The one that says so.</param>
internal sealed record BodyLimit(long Bytes, string Setting)
{
    public static BodyLimit OfAccess(long bytes) => new(bytes, "CalGateway:Access:MaxBodyBytes");

    /// <summary>The route's own limit where that is tighter.</summary>
    public BodyLimit On(RouteConfig route) => route.MaxRequestBodySize is { } own and >= 0 && own < Bytes
        ? new BodyLimit(own, $"ReverseProxy:Routes:{route.RouteId}:MaxRequestBodySize")
        : this;

    /// <summary>What is longer by its own account is refused; what has no length is counted while it is read.</summary>
    public GatewayProblem? Refusal(HttpContext context)
    {
        if (context.Request.ContentLength is { } length)
            return length > Bytes ? Problem() : null;

        // Only a body can come without a length, and in HTTP/1.1 only in chunks.
        var mayHaveBody = context.Request.Headers.TransferEncoding.Count > 0 || !HttpProtocol.IsHttp11(context.Request.Protocol);
        if (mayHaveBody && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = Bytes;
            context.Features.Set<IHttpMaxRequestBodySizeFeature>(null); // YARP would lift the limit off what calls itself gRPC
        }

        return null;
    }

    public GatewayProblem Problem() => GatewayProblem.Of(
        ProblemTypes.PayloadTooLarge, $"The request body is larger than the {Bytes} bytes of {Setting}.",
        $"Send less at once, or have the gateway's operator raise {Setting} in yarp.json.");
}
