using CalGateway.Journey;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// The last of the response transforms: what the file says of the answer's headers. What became a problem, or will, has them already or gets them when it
/// is written; a fill of the cache gets them when it is stored, because the cache judges an answer by the headers that it came with.
/// </summary>
internal sealed class HeaderEditsTransform(HeaderEdits edits) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        if (context is { SuppressResponseBody: false, ProxyResponse: not null } && !GatewayCall.Of(context.HttpContext).IsForEveryone)
            edits.ApplyTo(context.HttpContext.Response.Headers, context.HttpContext.Response.StatusCode);
        return ValueTask.CompletedTask;
    }
}
