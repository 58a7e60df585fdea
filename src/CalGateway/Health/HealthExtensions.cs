using CalGateway.Health.Ending;
using CalGateway.Journey;
using CalGateway.Pages;

namespace CalGateway.Health;

/// <summary>
/// Health probes for orchestrators: live while the process answers, ready while a configuration is in force and the gateway has not been told to end. An
/// outage of Cal.com changes neither, because a restart of the gateway would not help.
/// </summary>
internal static class HealthExtensions
{
    public static IServiceCollection AddHealth(this IServiceCollection services, DrainState drain) => services
        .AddSingleton(drain)
        .AddSingleton<IHostLifetime, SignalLifetime>();

    public static void MapHealth(this IEndpointRouteBuilder endpoints, DrainState drain)
    {
        endpoints.MapRead("/healthz/live", _ => TypedResults.Text("live\n"));
        endpoints.MapRead("/healthz/ready", _ => drain.HasBegun
            ? TypedResults.Text("ending\n", statusCode: StatusCodes.Status503ServiceUnavailable)
            : TypedResults.Text("ready\n"));
    }
}
