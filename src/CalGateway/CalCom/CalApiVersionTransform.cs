using CalGateway.Envelope;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// Signs a request for Cal.com, as access has decided, and pins its version. Nothing of the caller's can be left beside it:
/// <see cref="CallerHeaders"/> lets neither header through.
/// </summary>
internal sealed class CalApiVersionTransform(string version) : RequestTransform
{
    public const string VersionHeader = "cal-api-version";

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var call = GatewayCall.Of(context.HttpContext);
        context.ProxyRequest.Headers.Authorization = call.Signature?.Header;
        context.ProxyRequest.Headers.Remove(VersionHeader); // an operator's own transform may have set one
        context.ProxyRequest.Headers.TryAddWithoutValidation(VersionHeader, version);
        call.SentApiVersion = version;
        return ValueTask.CompletedTask;
    }
}
