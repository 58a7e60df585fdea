using CalGateway.Caching;
using CalGateway.Envelope;
using Yarp.ReverseProxy.Transforms;

namespace CalGateway.CalCom;

/// <summary>
/// Asks Cal.com for one representation: plain, so that an answer is stored once, read where it must be diagnosed, and
/// compressed at our edge for whoever accepts that. An answer that is to be stored is asked for whole and unconditionally.
/// </summary>
internal sealed class UpstreamEncodingTransform : RequestTransform
{
    private static readonly string[] Conditional = ["If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "Range", "If-Range"];

    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var headers = context.ProxyRequest.Headers;
        headers.TryAddWithoutValidation("Accept-Encoding", "identity");

        if (GatewayCall.Of(context.HttpContext).Cache == CacheResult.Miss)
        {
            foreach (var conditional in Conditional)
                headers.Remove(conditional);
        }

        return ValueTask.CompletedTask;
    }
}
