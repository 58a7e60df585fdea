using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>The cluster that is Cal.com, and the only one that our credential is ever sent to.</summary>
internal static class CalComCluster
{
    public const string Name = "calcom";

    public static bool Is(string? clusterId) => string.Equals(clusterId, Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>How a route's upstream is called in what people read.</summary>
    public static string NameOf(RouteConfig route) => IsTargetOf(route) ? "Cal.com" : $"The cluster \"{route.ClusterId}\"";

    public static bool IsTargetOf(RouteConfig route) => Is(route.ClusterId);
}
