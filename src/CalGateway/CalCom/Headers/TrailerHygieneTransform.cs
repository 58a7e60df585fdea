using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>Of trailers that the file lets through, those that no answer of Cal.com's may bring stay here as they do among the headers.</summary>
internal sealed class TrailerHygieneTransform : ResponseTrailersTransform
{
    public override ValueTask ApplyAsync(ResponseTrailersTransformContext context)
    {
        var trailers = context.HttpContext.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;
        foreach (var name in trailers.Keys.Where(ResponseHygieneTransform.IsDropped).ToList())
            trailers.Remove(name);
        return ValueTask.CompletedTask;
    }
}
