using System.Diagnostics;

namespace CalGateway.CalCom.Connections;

/// <summary>The settings of connections to Cal.com. They are renewed every few minutes, so that a changed DNS answer takes effect.</summary>
internal static class CalComConnection
{
    public static void Configure(SocketsHttpHandler handler, DistributedContextPropagator propagator)
    {
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(3);
        handler.PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1);
        handler.ConnectTimeout = TimeSpan.FromSeconds(5);
        handler.AllowAutoRedirect = false;
        handler.UseCookies = false;

        handler.ActivityHeadersPropagator = propagator;
        handler.PlaintextStreamFilter = (context, _) => ValueTask.FromResult(
            context.NegotiatedHttpVersion.Major == 1 ? new FirstAnswerStream(context.PlaintextStream) : context.PlaintextStream);
    }
}
