using CalGateway.Journey;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Credentials;

/// <summary>Sends the caller's own token, as access has taken it. The header itself is never passed on: <see cref="Headers.CallerHeaders"/> lets none through.</summary>
internal sealed class CallersCredentialTransform : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.Authorization = GatewayCall.Of(context.HttpContext).Signature?.Header;
        return ValueTask.CompletedTask;
    }
}
