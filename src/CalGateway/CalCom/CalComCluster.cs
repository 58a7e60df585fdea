using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom;

/// <summary>The cluster that is Cal.com, and the only one that our credential is ever sent to.</summary>
internal static class CalComCluster
{
    public const string Name = "calcom";

    public static bool IsTargetOf(RouteConfig route) => string.Equals(route.ClusterId, Name, StringComparison.OrdinalIgnoreCase);
}
