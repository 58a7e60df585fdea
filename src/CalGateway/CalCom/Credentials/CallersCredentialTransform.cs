using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Credentials;

/// <summary>Sends the caller's own token, as access has read it. The caller's header itself is not forwarded: <see cref="Headers.CallerHeaders"/> leaves it out.</summary>
internal sealed class CallersCredentialTransform : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.Authorization = GatewayCall.Of(context.HttpContext).Signature?.Header;
        return ValueTask.CompletedTask;
    }
}
