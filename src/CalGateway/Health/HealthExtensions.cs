namespace CalGateway.Health;

/// <summary>For orchestrators: live while the process answers, ready while a configuration is in force. Cal.com's health is not ours.</summary>
internal static class HealthExtensions
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/healthz/live", () => TypedResults.Text("live\n"));
        app.MapGet("/healthz/ready", () => TypedResults.Text("ready\n"));
    }
}
