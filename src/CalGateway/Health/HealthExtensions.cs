namespace CalGateway.Health;

/// <summary>
/// Health probes for orchestrators: live while the process answers, ready while a configuration is in force. An outage of Cal.com changes neither,
/// because a restart of the gateway would not help.
/// </summary>
internal static class HealthExtensions
{
    /// <summary>Some probes use HEAD. Mapped for GET alone, it would be answered with no-route.</summary>
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/healthz/live", Methods, () => TypedResults.Text("live\n"));
        endpoints.MapMethods("/healthz/ready", Methods, () => TypedResults.Text("ready\n"));
    }
}
