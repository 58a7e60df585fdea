using CalGateway.Caching;
using CalGateway.Configuration;
using CalGateway.Explain;
using CalGateway.Management.Listeners;
using CalGateway.Management.Live;
using CalGateway.Management.Page;
using CalGateway.Management.Tokens;
using CalGateway.Pages;
using CalGateway.Problems;
using CalGateway.Rehearsal;
using CalGateway.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Management;

/// <summary>The endpoints for operators, on a listener of their own.</summary>
internal static class ManagementExtensions
{
    /// <summary>The answer to an unknown path.</summary>
    public const string NothingHere =
        "Nothing is here. There are / (the status page), /status, /config, /explain?method=&path=&header=&host=&consumer=, /metrics, /events, /rehearsal, " +
        "POST /rehearsal?route=&version= and POST /cache/evict?tag=.\n";

    /// <param name="health">Maps the health endpoints, which are on this listener too.</param>
    public static IServiceCollection AddManagement(this IServiceCollection services, Action<IEndpointRouteBuilder> health) => services
        .AddSingleton<StatusReport>()
        .AddSingleton<LiveText>()
        .AddSingleton<LiveEvents>()
        .AddSingleton<BrowserToken>()
        .AddSingleton(gateway => new ManagementListener(gateway, gateway.GetRequiredService<Revisions>(), health))
        .AddHostedService(provider => provider.GetRequiredService<ManagementListener>())
        .AddSingleton<MetricsListener>()
        .AddHostedService(provider => provider.GetRequiredService<MetricsListener>())
        .AddHostedService<TokenWatcher>();

    public static void MapManagement(this IEndpointRouteBuilder endpoints, IServiceProvider gateway)
    {
        StatusPage.Map(endpoints);
        endpoints.MapMetrics(gateway);
        endpoints.MapRead("/status", _ => Json(gateway.GetRequiredService<StatusReport>().Now()));
        endpoints.MapRead("/config", _ => Json(ConfigReport.Of(gateway.GetRequiredService<Revisions>().Current)));
        endpoints.MapRead("/explain", context => ExplainAsync(gateway.GetRequiredService<Explainer>(), context.Request.Query));
        endpoints.MapGet("/events", context => gateway.GetRequiredService<LiveEvents>().Listen(context).ExecuteAsync(context));
        RehearsalEndpoints.Map(endpoints, gateway.GetRequiredService<Rehearsals>(), gateway.GetRequiredService<BrowserToken>());
        endpoints.MapCommand("/cache/evict", context => gateway.GetRequiredService<BrowserToken>().Refusal(context.Request) is { } refusal
            ? Task.FromResult(refusal)
            : EvictAsync(gateway.GetRequiredService<AnswerCache>(), context.Request.Query["tag"]));
    }

    private static async Task<IResult> ExplainAsync(Explainer explainer, IQueryCollection query)
    {
        string? path = query["path"], method = query["method"], host = query["host"], consumer = query["consumer"];
        string[] headers = [.. query["header"].OfType<string>()];
        if (string.IsNullOrEmpty(path))
            return BadRequest("Say which path is meant, as in /explain?method=GET&path=/calcom/v2/bookings.");
        if (string.IsNullOrEmpty(method))
            method = HttpMethods.Get;

        if (!DescribedRequest.IsMethod(method))
            return BadRequest(DescribedRequest.InvalidMethod);
        if (!headers.All(DescribedRequest.IsHeader))
            return BadRequest(DescribedRequest.InvalidHeader);
        if (!string.IsNullOrEmpty(host) && !DescribedRequest.IsHost(host))
            return BadRequest(DescribedRequest.InvalidHost);

        var asked = DescribedRequest.From(method, path).With(headers, host) with { Consumer = string.IsNullOrEmpty(consumer) ? null : consumer };
        return explainer.ConsumerError(asked) is { } fault ? BadRequest(fault) : Json(await explainer.ExplainAsync(asked));
    }

    private static async Task<IResult> EvictAsync(AnswerCache cache, StringValues tags)
    {
        if (tags.Count == 0 || tags.Any(string.IsNullOrEmpty))
            return BadRequest("Say which tag is to be evicted, as in /cache/evict?tag=event-types.");

        var evicted = 0;
        foreach (var tag in tags)
            evicted += await cache.EvictAsync(tag!);
        return Json(new EvictionReport(tags.ToString(), evicted));
    }

    private static ContentHttpResult BadRequest(string what) => TypedResults.Text(what + "\n", statusCode: StatusCodes.Status400BadRequest);

    private static JsonHttpResult<T> Json<T>(T report) => TypedResults.Json(report, ReadableJson.Options);
}
