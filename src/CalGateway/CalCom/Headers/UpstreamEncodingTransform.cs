using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom.Headers;

/// <summary>
/// Asks Cal.com for uncompressed answers, so that an answer is stored once, can be read for diagnosis, and is compressed by the gateway for callers that accept
/// that.
/// </summary>
internal sealed class UpstreamEncodingTransform : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        context.ProxyRequest.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        return ValueTask.CompletedTask;
    }
}
