namespace CalGateway.Configuration.Rules;

/// <summary>Finds the setting that an error message of YARP is about, and adds what to do. YARP's messages name only the route or the cluster.</summary>
internal static class YarpMessages
{
    private const string OrExists = "Name them in \"Values\", or set \"Mode\" to \"Exists\".";

    private static readonly (string Words, string Setting, string? Cure)[] OfRoutes =
    [
        ("authorization policy", "AuthorizationPolicy", null),
        ("CORS policy", "CorsPolicy", null),
        ("RateLimiter policy", "RateLimiterPolicy", null),
        ("Timeout policy", "TimeoutPolicy", null),
        ("Timeout", "Timeout", null),
        ("Duplicate HTTP method", "Match:Methods", "Name each once."),
        ("HTTP method", "Match:Methods", null),
        ("host name", "Match:Hosts", null),
        ("Invalid path", "Match:Path", null),
        ("No header values", "Match:Headers", OrExists),
        ("header", "Match:Headers", null),
        ("No query parameter values", "Match:QueryParameters", OrExists),
        ("query parameter", "Match:QueryParameters", null),
        ("Hosts or Path", "Match", null),
    ];

    private static readonly (string Words, string Setting, string? Cure)[] OfClusters =
    [
        ("load balancing policy", "LoadBalancingPolicy", null),
        ("affinity", "SessionAffinity", null),
        ("available destinations", "HealthCheck:AvailableDestinationsPolicy", null),
        ("active health", "HealthCheck:Active", null),
        ("probing", "HealthCheck:Active", null),
        ("passive health", "HealthCheck:Passive", null),
        ("reactivation", "HealthCheck:Passive", null),
        ("header encoding", "HttpClient", "Write \"utf-8\" or \"latin1\", or leave it out for ASCII."),
        ("HTTP version", "HttpRequest:Version", null),
    ];

    public static Finding InRoute(string key, string message) => In(OfRoutes, key, message);

    public static Finding InCluster(string key, string message) => In(OfClusters, key, message);

    private static Finding In((string Words, string Setting, string? Cure)[] table, string key, string message) => table
        .Where(entry => message.Contains(entry.Words, StringComparison.OrdinalIgnoreCase))
        .Select(entry => Finding.Error($"{message} {entry.Cure}".TrimEnd(), $"{key}:{entry.Setting}"))
        .FirstOrDefault(Finding.Error(message, key));
}
