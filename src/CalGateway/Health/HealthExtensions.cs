namespace CalGateway.Health;

/// <summary>For orchestrators: live while the process answers, ready while a configuration is in force. Cal.com's health is not ours.</summary>
internal static class HealthExtensions
{
    /// <summary>Probes ask with either; a HEAD of what is only mapped for GET would be no route.</summary>
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/healthz/live", Methods, () => TypedResults.Text("live\n"));
        endpoints.MapMethods("/healthz/ready", Methods, () => TypedResults.Text("ready\n"));
    }
}
