using System.Diagnostics;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.CalCom;

/// <summary>How connections to a public API are kept: HTTP/2 where it is offered, and not so long that a changed DNS answer goes unnoticed.</summary>
internal static class CalComConnection
{
    public static void Configure(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(3);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
        handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;

        // The client's span is kept, but our trace ends at our border: no ids and no baggage go to a third party.
        handler.ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator();
    }
}
