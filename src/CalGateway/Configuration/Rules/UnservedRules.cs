using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// What YARP knows and this gateway does not run. Left in, it would make every request of the route fail, or do nothing
/// while the operator relies on it.
/// </summary>
internal static class UnservedRules
{
    public static IEnumerable<Finding> Examine(RouteConfig route)
    {
        var key = $"ReverseProxy:Routes:{route.RouteId}";
        if (route.CorsPolicy is { Length: > 0 })
            yield return Refused(key, "CorsPolicy", "Every request of the route would fail; which web pages may ask is said in CalGateway:Access:Cors.");
        if (route.Timeout is not null)
            yield return Refused(key, "Timeout", "Every request of the route would fail; set the cluster's HttpRequest:ActivityTimeout instead.");
        if (route.RateLimiterPolicy is { Length: > 0 })
            yield return Refused(key, "RateLimiterPolicy", "It would limit nothing; CalGateway:Access:RateLimit does, and a consumer's own.");
    }

    public static IEnumerable<Finding> Examine(ClusterConfig cluster)
    {
        if (cluster.SessionAffinity?.Enabled == true)
            yield return Refused($"ReverseProxy:Clusters:{cluster.ClusterId}", "SessionAffinity", "No session would stay where it is; remove it.");
    }

    private static Finding Refused(string key, string setting, string consequence) =>
        Finding.Error($"CalGateway does not run YARP's {setting}. {consequence}", $"{key}:{setting}");
}
