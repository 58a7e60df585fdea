using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Asks Cal.com for one representation: plain, so that an answer is stored once, read where it must be diagnosed, and
/// compressed at our edge for whoever accepts that.
/// </summary>
internal sealed class UpstreamEncodingTransform : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        return ValueTask.CompletedTask;
    }
}
