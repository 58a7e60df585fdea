using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Evicting;
using CalGateway.CalCom.Traffic;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Model;

namespace CalGateway.Caching.Serving;

/// <summary>Evicts what a write that passes has changed, when its answer is known and before the caller is sent any of it.</summary>
internal sealed class WriteWatch(Evictions evictions, LateWrites late)
{
    public void Watch(HttpContext context, RoutePlan plan)
    {
        var call = GatewayCall.Of(context);
        if (call.Partition?.Owner is { } owner)
            context.Response.OnStarting(() => EvictIfRefusedAsync(call, owner));

        var method = call.UpstreamMethod!;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method))
            return;

        var tags = plan.Part<WriteRules>()!.TagsOf(call.Operation, call.UpstreamPath);
        if (tags.Count > 0)
            context.Response.OnStarting(() => WasSent(context) ? EvictAsync(AnswerTo(context), tags) : Task.CompletedTask);
    }

    /// <summary>If Cal.com refuses the caller's token, whatever was asked for, nothing that is stored for it may be served any more.</summary>
    private Task EvictIfRefusedAsync(GatewayCall call, string owner)
    {
        if (call.Problem is { EndsToken: true })
            evictions.EvictToken(owner);
        return Task.CompletedTask;
    }

    private async Task EvictAsync(int? status, IReadOnlyCollection<string> tags)
    {
        if (status is >= 400 and < 500)
            return; // refused: nothing has changed

        foreach (var tag in tags)
        {
            if (status < 400)
            {
                await evictions.EvictAsync(tag);
                continue;
            }

            await evictions.MarkUncertainAsync(tag);
            late.Add(tag);
        }
    }

    /// <summary>False for what the gateway answered itself, and for what no connection could be had for: nothing has changed.</summary>
    private static bool WasSent(HttpContext context) =>
        context.Features[typeof(IReverseProxyFeature)] is IReverseProxyFeature { ProxiedDestination: not null }
        && !ErrorTypes.HadNoConnection(context.GetForwarderErrorFeature()?.Exception);

    /// <summary>The status of the upstream's own answer, whatever the caller is told instead; null where it is not known to have come whole.</summary>
    private static int? AnswerTo(HttpContext context)
    {
        if (context.GetForwarderErrorFeature() is not null)
            return null;
        if (GatewayCall.Of(context).UpstreamStatus is { } status)
            return status;

        // Of a cluster that is not Cal.com.
        return context.Response.StatusCode == StatusCodes.Status499ClientClosedRequest ? null : context.Response.StatusCode;
    }
}
