using CalGateway.Caching;
using CalGateway.Configuration;
using CalGateway.Explain;
using CalGateway.Telemetry;
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
        endpoints.MapMetrics(gateway);
        endpoints.MapGet("/status", () => Json(gateway.GetRequiredService<StatusReport>().Now()));
        endpoints.MapPost("/cache/evict", (string tag) => EvictAsync(gateway.GetRequiredService<AnswerCache>(), tag));
        endpoints.MapGet("/config", () => Json(ConfigReport.Of(gateway.GetRequiredService<Revisions>().Current)));
        endpoints.MapGet("/explain", async (string path, string? method) =>
            Json(await gateway.GetRequiredService<Explainer>().ExplainAsync(Asked.From(method ?? HttpMethods.Get, path))));
    }

    private static async Task<JsonHttpResult<Eviction>> EvictAsync(AnswerCache cache, string tag) => Json(new Eviction(tag, await cache.EvictAsync(tag)));

    private static JsonHttpResult<T> Json<T>(T report) => TypedResults.Json(report, ManagementJson.Options);
}

/// <summary>What <c>POST /cache/evict?tag=</c> did.</summary>
/// <param name="Tag">As it was given.</param>
/// <param name="Evicted">How many answers this gateway had under it; others that share the store evict theirs.</param>
internal sealed record Eviction(string Tag, int Evicted);
