using Microsoft.Extensions.Primitives;
using OpenTelemetry.Metrics;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Benchmarks.Peers;

/// <summary>The servers that the gateway is measured beside, each the shortest program of its kind.</summary>
internal static class Peer
{
    private static readonly StringValues Json = "application/json; charset=utf-8";

    public static void Run(string kind, int port, string upstream)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = kind switch
        {
            "kestrel" => Bare(builder),
            "yarp" => Yarp(builder, upstream, cached: false),
            "yarp-metered" => Yarp(Metered(builder), upstream, cached: false),
            "yarp-cached" => Yarp(builder, upstream, cached: true),
            _ => throw new ArgumentException($"No such peer: {kind}."),
        };
        app.Run();
    }

    /// <summary>Bare Kestrel: an endpoint that writes bytes from memory. The upstream of the others, too.</summary>
    private static WebApplication Bare(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.Map("{**path}", static (HttpContext context) =>
        {
            context.Response.Headers.ContentType = Json;
            context.Response.Headers.ContentLength = Payload.List.Length;
            return context.Response.Body.WriteAsync(Payload.List).AsTask();
        });
        return app;
    }

    /// <summary>With the framework's own HTTP metrics collected, which the gateway shows on <c>/metrics</c>.</summary>
    private static WebApplicationBuilder Metered(WebApplicationBuilder builder)
    {
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http")
            .AddPrometheusExporter());
        return builder;
    }

    /// <summary>Bare YARP, with the two headers that Cal.com wants; with ASP.NET Core's output caching or without.</summary>
    private static WebApplication Yarp(WebApplicationBuilder builder, string upstream, bool cached)
    {
        var route = new RouteConfig
        {
            RouteId = "all",
            ClusterId = "upstream",
            Match = new RouteMatch { Path = "/calcom/{**rest}" },
            OutputCachePolicy = cached ? "all" : null,
            Transforms =
            [
                new Dictionary<string, string> { ["PathRemovePrefix"] = "/calcom" },
                new Dictionary<string, string> { ["RequestHeader"] = "Authorization", ["Set"] = "Bearer cal_test_benchmark" },
                new Dictionary<string, string> { ["RequestHeader"] = "cal-api-version", ["Set"] = "2024-06-14" },
            ],
        };
        var cluster = new ClusterConfig
        {
            ClusterId = "upstream",
            Destinations = new Dictionary<string, DestinationConfig> { ["only"] = new() { Address = upstream } },
        };
        builder.Services.AddReverseProxy().LoadFromMemory([route], [cluster]);
        builder.Services.AddOutputCache(options => options.AddPolicy("all", policy => policy.Expire(TimeSpan.FromHours(1))));

        var app = builder.Build();
        if (cached)
            app.UseOutputCache();
        app.MapReverseProxy();
        return app;
    }
}
