using Microsoft.AspNetCore.Connections.Features;

namespace CalGateway.Envelope;

/// <summary>
/// While the gateway is ending, each answer asks its caller to close the connection: over HTTP/1.1 with <c>Connection: close</c>, over HTTP/2 with a GOAWAY,
/// after which running requests are still answered. Without this, the next request on an open connection would fail when the process ends.
/// </summary>
internal static class ClosingConnections
{
    private const string Close = "close";

    public static void RequestClose(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        else
            context.Response.Headers.Connection = Close;
    }
}
