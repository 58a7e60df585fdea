using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// Signs a request for Cal.com and gives it its version, as access has decided: the pin, the consumer's or, where the route lets it stand, the caller's
/// own. Nothing of the caller's can be left beside it: <see cref="Headers.CallerHeaders"/> lets neither header through.
/// </summary>
internal sealed class CalApiVersionTransform(string version) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var call = GatewayCall.Of(context.HttpContext);
        context.ProxyRequest.Headers.Authorization = call.Signature?.Header;
        context.ProxyRequest.Headers.Remove(ApiVersionPin.Header); // a caller's, where the file lets it through
        var sent = call.Version.InPlaceOfPin ?? version;
        context.ProxyRequest.Headers.TryAddWithoutValidation(ApiVersionPin.Header, sent);
        call.SentApiVersion = sent;
        return ValueTask.CompletedTask;
    }
}
