using CalGateway.Envelope;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// Signs a request for Cal.com and pins its version. Nothing of the caller's can be left beside it:
/// <see cref="CallerHeaders"/> lets neither header through.
/// </summary>
internal sealed class CalApiVersionTransform(Credential credential, string version) : RequestTransform
{
    public const string VersionHeader = "cal-api-version";

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.Authorization = credential.Header;
        context.ProxyRequest.Headers.Remove(VersionHeader); // an operator's own transform may have set one
        context.ProxyRequest.Headers.TryAddWithoutValidation(VersionHeader, version);
        GatewayCall.Of(context.HttpContext).SentApiVersion = version;
        return ValueTask.CompletedTask;
    }
}
