using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Traffic;

/// <summary>For a route to another cluster than Cal.com: its answer has come, or it is known that none will.</summary>
internal sealed class OtherClusterTransform(string cluster, OtherClusters clusters) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var isCallers = context.ProxyResponse is null && !GatewayCall.Of(context.HttpContext).Deadline.IsCancellationRequested
            && context.HttpContext.RequestAborted.IsCancellationRequested;
        if (!isCallers) // who hung up tells nothing of the cluster
            clusters.Note(cluster, context.HttpContext.GetReverseProxyFeature().ProxiedDestination?.Model.Config.Address, (int?)context.ProxyResponse?.StatusCode);
        return ValueTask.CompletedTask;
    }
}
