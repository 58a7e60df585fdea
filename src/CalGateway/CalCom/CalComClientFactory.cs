using CalGateway.CalCom.V1;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.CalCom;

/// <summary>Makes the client of each cluster; the one of Cal.com can sign.</summary>
internal sealed class CalComClientFactory(ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        CalComConnection.Configure(context, handler);
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        string.Equals(context.ClusterId, CalComCluster.Name, StringComparison.OrdinalIgnoreCase) ? new QuerySigningHandler(handler) : handler;
}
