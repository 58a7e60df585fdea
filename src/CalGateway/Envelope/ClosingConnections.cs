using CalGateway.Journey;
using Microsoft.AspNetCore.Connections.Features;

namespace CalGateway.Envelope;

/// <summary>
/// While the gateway is ending, each answer asks its caller to leave: over HTTP/1.1 the connection closes behind it, over HTTP/2 a GOAWAY goes ahead of it and
/// requests under way are answered. A connection that is closed without a word is found closed by the next request on it, which fails.
/// </summary>
internal static class ClosingConnections
{
    private const string Close = "close";

    public static void AskToLeave(HttpContext context)
    {
        if (HttpProtocol.IsHttp2(context.Request.Protocol))
            context.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        else
            context.Response.Headers.Connection = Close;
    }
}
