using CalGateway.Journey;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>Removes from the trailers that the file lets through those that are never passed on from Cal.com as headers either, and those that contain the key.</summary>
internal sealed class TrailerHygieneTransform : ResponseTrailersTransform
{
    public override ValueTask ApplyAsync(ResponseTrailersTransformContext context)
    {
        var trailers = context.HttpContext.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;
        var key = GatewayCall.Of(context.HttpContext).Signature;
        foreach (var name in trailers.Where(trailer => ResponseHygieneTransform.IsDropped(trailer.Key) || key?.IsQuotedIn(trailer.Value.ToString()) == true).Select(trailer => trailer.Key).ToList())
            trailers.Remove(name);
        return ValueTask.CompletedTask;
    }
}
