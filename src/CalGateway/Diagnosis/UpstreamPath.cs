using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Diagnosis;

/// <summary>Cal.com's own path of a request that was forwarded: without query, and without the path of a base URL.</summary>
internal static class UpstreamPath
{
    public static string Of(ResponseTransformContext context)
    {
        var sent = context.ProxyResponse!.RequestMessage!.RequestUri!.AbsolutePath;
        var destination = context.HttpContext.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Address;
        var basePath = new Uri(destination).AbsolutePath.TrimEnd('/');
        return sent.StartsWith(basePath + "/", StringComparison.OrdinalIgnoreCase) ? sent[basePath.Length..] : sent;
    }
}
