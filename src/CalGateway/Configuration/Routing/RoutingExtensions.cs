namespace CalGateway.Configuration.Routing;

/// <summary>Which route a request takes, by the table of the revision in force; and, where all stages have had their say, its endpoint.</summary>
internal static class RoutingExtensions
{
    public static void UseServedRoutes(this WebApplication app)
    {
        var served = app.Services.GetRequiredService<ServedRoutes>();
        app.Use(next => context =>
        {
            var found = served.Table.FindAsync(context);
            return found.IsCompletedSuccessfully ? next(context) : LaterAsync(found, next, context);
        });
    }

    /// <summary>The end of the pipeline: what the request is for.</summary>
    public static void RunEndpoint(this IApplicationBuilder app) => app.Use(next => context =>
        context.GetEndpoint()?.RequestDelegate is { } serve ? serve(context) : next(context));

    /// <param name="app">The gateway.</param>
    /// <param name="map">Maps every endpoint that there is.</param>
    public static void MapEndpoints(this WebApplication app, Action<IEndpointRouteBuilder> map)
    {
        var endpoints = new GatewayEndpoints(app);
        map(endpoints);
        app.Services.GetRequiredService<ServedRoutes>().Begin(endpoints, app.Services.GetRequiredService<Revisions>().Current);
    }

    /// <summary>What answers where no route matches.</summary>
    public static void MapNoRoute(this IEndpointRouteBuilder endpoints) => NoRoute.Map(endpoints);

    private static async Task LaterAsync(Task found, RequestDelegate next, HttpContext context)
    {
        await found;
        await next(context);
    }
}
