using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// The last of the response transforms: applies the file's changes of response headers. Problems get them when they are written, and answers for the cache when
/// they are stored, because the cache decides by the headers that Cal.com sent.
/// </summary>
internal sealed class HeaderEditsTransform(HeaderEdits edits) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context is { SuppressResponseBody: false, ProxyResponse: not null } && !GatewayCall.Of(context.HttpContext).IsFill)
            edits.ApplyTo(context.HttpContext.Response.Headers, context.HttpContext.Response.StatusCode);
        return ValueTask.CompletedTask;
    }
}
