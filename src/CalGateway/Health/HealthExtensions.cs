using CalGateway.Health.Ending;
using CalGateway.Journey;

namespace CalGateway.Health;

/// <summary>
/// Health probes for orchestrators: live while the process answers, ready while a configuration is in force and the gateway has not been told to end. An
/// outage of Cal.com changes neither, because a restart of the gateway would not help.
/// </summary>
internal static class HealthExtensions
{
    /// <summary>Some probes use HEAD. Mapped for GET alone, it would be answered with no-route.</summary>
    private static readonly string[] Methods = ["GET", "HEAD"];

    public static IServiceCollection AddHealth(this IServiceCollection services, DrainState drain) => services
        .AddSingleton(drain)
        .AddSingleton<IHostLifetime, SignalLifetime>();

    public static void MapHealth(this IEndpointRouteBuilder endpoints, DrainState drain)
    {
        endpoints.MapMethods("/healthz/live", Methods, () => TypedResults.Text("live\n"));
        endpoints.MapMethods("/healthz/ready", Methods, () => drain.HasBegun
            ? TypedResults.Text("ending\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text("ready\n"));
    }
}
