using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom;

/// <summary>The cluster that is Cal.com, and the only one that our credential is ever sent to.</summary>
internal static class CalComCluster
{
    public const string Name = "calcom";

    public static bool Is(string? clusterId) => string.Equals(clusterId, Name, StringComparison.OrdinalIgnoreCase);

    public static bool IsTargetOf(RouteConfig route) => Is(route.ClusterId);
}
