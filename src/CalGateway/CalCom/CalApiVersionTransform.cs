using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// Sets the credential and the API version of a request to Cal.com, as access has decided: the version is the route's pin, the consumer's own or, if the route
/// allows it, the caller's. A caller's own headers of these names are not forwarded: <see cref="Headers.CallerHeaders"/> leaves them out.
/// </summary>
internal sealed class CalApiVersionTransform(string version) : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var call = GatewayCall.Of(context.HttpContext);
        context.ProxyRequest.Headers.Authorization = call.Signature?.Header;
        context.ProxyRequest.Headers.Remove(ApiVersionPin.Header); // the caller's, if a transform of the file let it through
        var sent = call.Version.InPlaceOfPin ?? version;
        context.ProxyRequest.Headers.TryAddWithoutValidation(ApiVersionPin.Header, sent);
        call.SentApiVersion = sent;
        return ValueTask.CompletedTask;
    }
}
