using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Model;

namespace CalGateway.CalCom.Admission;

/// <summary>
/// Asks for admission before a request is forwarded to Cal.com, and answers it if it is refused. This is a stage of YARP's pipeline after load balancing, and not
/// a <c>DelegatingHandler</c>: there a refusal would be a failed request to YARP, which would count it as Cal.com's failure in its metrics, spans, logs and
/// passive health checks.
/// </summary>
internal sealed class AdmissionStage(RequestDelegate next, AdmissionControl admission)
{
    public Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        return CalComCluster.Is(proxy.Cluster.Config.ClusterId) && proxy.AvailableDestinations is [var destination, ..]
            ? AdmitAsync(context, destination)
            : next(context);
    }

    public static RequestClass ClassOf(GatewayCall call)
    {
        if (call.IsRefresh)
            return RequestClass.Refresh;

        var method = call.UpstreamMethod ?? call.Request.Method;
        return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? RequestClass.Read : RequestClass.Write;
    }

    private async Task AdmitAsync(HttpContext context, DestinationState destination)
    {
        var call = GatewayCall.Of(context);
        var demand = new UpstreamDemand(
            ClassOf(call), call.Signature, call.Caller?.Name, call.Caller?.Share ?? 1, destination.Model.Config.Address, MayWait: !call.HasSubstitute && !call.IsRetry, call.IsRetry);
        using var lease = await admission.EnterAsync(demand, context.RequestAborted);
        if (lease.Refusal is { } refusal)
        {
            call.AnswerWithRefusal(refusal.Type.Code);
            await refusal.ToProblem().WriteToAsync(context);
            return;
        }

        call.Admission = lease;
        await next(context);
    }
}
