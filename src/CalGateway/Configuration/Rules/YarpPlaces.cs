namespace CalGateway.Configuration.Rules;

/// <summary>Which setting a message of YARP's is about: the messages name the route or the cluster, but no key.</summary>
internal static class YarpPlaces
{
    private static readonly (string Words, string Setting)[] OfRoutes =
    [
        ("authorization policy", "AuthorizationPolicy"),
        ("CORS policy", "CorsPolicy"),
        ("RateLimiter policy", "RateLimiterPolicy"),
        ("Timeout policy", "TimeoutPolicy"),
        ("Timeout", "Timeout"),
        ("HTTP method", "Match:Methods"),
        ("host name", "Match:Hosts"),
        ("Invalid path", "Match:Path"),
        ("header", "Match:Headers"),
        ("query parameter", "Match:QueryParameters"),
        ("Hosts or Path", "Match"),
    ];

    private static readonly (string Words, string Setting)[] OfClusters =
    [
        ("load balancing policy", "LoadBalancingPolicy"),
        ("affinity", "SessionAffinity"),
        ("available destinations", "HealthCheck:AvailableDestinationsPolicy"),
        ("active health", "HealthCheck:Active"),
        ("probing", "HealthCheck:Active"),
        ("passive health", "HealthCheck:Passive"),
        ("reactivation", "HealthCheck:Passive"),
        ("header encoding", "HttpClient"),
        ("HTTP version", "HttpRequest:Version"),
    ];

    public static string InRoute(string key, string message) => In(OfRoutes, key, message);

    public static string InCluster(string key, string message) => In(OfClusters, key, message);

    private static string In((string Words, string Setting)[] table, string key, string message) => table
        .Where(entry => message.Contains(entry.Words, StringComparison.OrdinalIgnoreCase))
        .Select(entry => $"{key}:{entry.Setting}")
        .FirstOrDefault(key);
}
