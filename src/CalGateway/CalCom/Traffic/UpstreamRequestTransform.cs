using CalGateway.CalCom.Admission;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Traffic;

/// <summary>The last of the request transforms: records that the request is sent, and when.</summary>
internal sealed class UpstreamRequestTransform(UpstreamTraffic traffic) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var call = GatewayCall.Of(context.HttpContext);
        if (call.SentApiVersion is null && context.ProxyRequest.Headers.NonValidated.TryGetValues(ApiVersionPin.Header, out var version))
            call.SentApiVersion = version.ToString(); // set by a transform of the file, on a route without a pin

        (call.Admission as AdmissionLease)?.Sent();
        call.Sent = traffic.Begin(call.Plan!, context.ProxyRequest.Method.Method, context.DestinationPrefix);
        return ValueTask.CompletedTask;
    }
}
