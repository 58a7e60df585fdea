using CalGateway.CalCom.V1;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry.Durations;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.CalCom.Connections;

/// <summary>Makes the HTTP client of each cluster. Cal.com's can sign requests in the query, for API v1.</summary>
internal sealed class CalComClientFactory(Revisions revisions, ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger)
{
    private readonly UpstreamPropagator _propagator = new(() => revisions.Current.Options<UpstreamOptions>().TraceContext);

    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        CalComConnection.Configure(handler, _propagator);
        if (CalComCluster.Is(context.ClusterId))
            handler.MeterFactory = CalComClientMeters.Instance; // UpstreamTraffic measures these requests
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
    {
        var once = new SentOnceHandler(handler);
        return CalComCluster.Is(context.ClusterId) ? new QuerySigningHandler(once) : once;
    }
}
