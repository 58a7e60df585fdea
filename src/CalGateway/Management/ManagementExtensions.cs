using CalGateway.Configuration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CalGateway.Management;

/// <summary>What operators see, on a listener of its own.</summary>
internal static class ManagementExtensions
{
    public static IServiceCollection AddManagement(this IServiceCollection services) => services
        .AddSingleton<StatusReport>()
        .AddSingleton<ManagementListener>()
        .AddHostedService(provider => provider.GetRequiredService<ManagementListener>());

    public static void MapManagement(this IEndpointRouteBuilder endpoints, IServiceProvider gateway)
    {
        endpoints.MapGet("/status", () => Json(gateway.GetRequiredService<StatusReport>().Now()));
        endpoints.MapGet("/config", () => Json(ConfigReport.Of(gateway.GetRequiredService<Revisions>().Current)));
    }

    private static JsonHttpResult<T> Json<T>(T report) => TypedResults.Json(report, ManagementJson.Options);
}
