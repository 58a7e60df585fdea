using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Traffic;

/// <summary>Records for a route to another cluster than Cal.com whether the cluster has answered.</summary>
internal sealed class OtherClusterTransform(string cluster, OtherClusters clusters) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var isCallers = context.ProxyResponse is null && !GatewayCall.Of(context.HttpContext).Deadline.IsCancellationRequested
            && context.HttpContext.RequestAborted.IsCancellationRequested;
        if (!isCallers) // a caller that hung up says nothing about the cluster
            clusters.Record(cluster, context.HttpContext.GetReverseProxyFeature().ProxiedDestination?.Model.Config.Address, (int?)context.ProxyResponse?.StatusCode);
        return ValueTask.CompletedTask;
    }
}
