using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Journey;

/// <summary>Cal.com's own path of a request that was forwarded: without query, and without the path of a base URL.</summary>
internal static class UpstreamPath
{
    public static string Of(ResponseTransformContext context) => Below(
        context.HttpContext.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Address, context.ProxyResponse!.RequestMessage!.RequestUri!);

    /// <param name="destination">The base URL.</param>
    /// <param name="sent">Where the request goes.</param>
    public static string Below(string destination, Uri sent)
    {
        var path = sent.AbsolutePath;
        var basePath = new Uri(destination).AbsolutePath.TrimEnd('/');
        return path.StartsWith(basePath + "/", StringComparison.OrdinalIgnoreCase) ? path[basePath.Length..] : path;
    }
}
