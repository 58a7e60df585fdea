using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>The cluster that is Cal.com. The gateway's credential is never sent to another one.</summary>
internal static class CalComCluster
{
    public const string Name = "calcom";

    public static bool Is(string? clusterId) => string.Equals(clusterId, Name, StringComparison.OrdinalIgnoreCase);

    /// <summary>The name of a route's upstream in messages.</summary>
    public static string NameOf(RouteConfig route) => IsTargetOf(route) ? "Cal.com" : $"The cluster \"{route.ClusterId}\"";

    public static bool IsTargetOf(RouteConfig route) => Is(route.ClusterId);
}
