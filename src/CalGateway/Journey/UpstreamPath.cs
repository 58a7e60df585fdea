using Yarp.ReverseProxy.Transforms;

namespace CalGateway.Journey;

/// <summary>The path of a forwarded request as Cal.com documents it: without query, and without the path of the base URL.</summary>
internal static class UpstreamPath
{
    public static string Of(ResponseTransformContext context) => Below(
        context.HttpContext.GetReverseProxyFeature().ProxiedDestination!.Model.Config.Address, context.ProxyResponse!.RequestMessage!.RequestUri!);

    public static string Below(string destination, Uri sent)
    {
        var path = sent.AbsolutePath;
        var basePath = new Uri(destination).AbsolutePath.TrimEnd('/');
        return path.StartsWith(basePath + "/", StringComparison.OrdinalIgnoreCase) ? path[basePath.Length..] : path;
    }
}
