using CalGateway.Problems;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>How large a request's body may be: the gateway's limit or, if it is lower, the route's.</summary>
/// <param name="Setting">The setting that gives the limit.</param>
internal sealed record BodyLimit(long Bytes, string Setting)
{
    public static BodyLimit OfAccess(long bytes) => new(bytes, "CalGateway:Access:MaxBodyBytes");

    /// <summary>The limit on a route: the route's own where that is lower.</summary>
    public BodyLimit On(RouteConfig route) => route.MaxRequestBodySize is { } own and >= 0 && own < Bytes
        ? new BodyLimit(own, $"ReverseProxy:Routes:{route.RouteId}:MaxRequestBodySize")
        : this;

    /// <summary>Refuses a request whose Content-Length exceeds the limit. Without a Content-Length, lets Kestrel count while the body is read.</summary>
    public GatewayProblem? Refusal(HttpContext context)
    {
        if (context.Request.ContentLength is { } length)
            return length > Bytes ? Problem() : null;

        // In HTTP/1.1 a body without Content-Length is always chunked.
        var mayHaveBody = context.Request.Headers.TransferEncoding.Count > 0 || !HttpProtocol.IsHttp11(context.Request.Protocol);
        if (mayHaveBody && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = Bytes;
            context.Features.Set<IHttpMaxRequestBodySizeFeature>(null); // hides it from YARP, which removes the limit for requests that claim to be gRPC
        }

        return null;
    }

    public GatewayProblem Problem() => GatewayProblem.Of(
        ProblemTypes.PayloadTooLarge, $"The request body is larger than the {Bytes} bytes of {Setting}.",
        $"Send less at once, or have the gateway's operator raise {Setting} in yarp.json.");
}
