namespace CalGateway.Configuration.Routing;

/// <summary>Finds the route of a request in the routing table in force and, at the end of the pipeline, runs its endpoint.</summary>
internal static class RoutingExtensions
{
    public static void UseServedRoutes(this WebApplication app)
    {
        var served = app.Services.GetRequiredService<ServedRoutes>();
        app.Use(next => context =>
        {
            var found = served.Table.FindAsync(context);
            return found.IsCompletedSuccessfully ? next(context) : AwaitedAsync(found, next, context);
        });
    }

    /// <summary>Runs the endpoint that was found. The last stage.</summary>
    public static void RunEndpoint(this IApplicationBuilder app) => app.Use(next => context =>
        context.GetEndpoint()?.RequestDelegate is { } serve ? serve(context) : next(context));

    public static void MapEndpoints(this WebApplication app, Action<IEndpointRouteBuilder> map)
    {
        var endpoints = new GatewayEndpoints(app);
        map(endpoints);
        app.Services.GetRequiredService<ServedRoutes>().Start(endpoints, app.Services.GetRequiredService<Revisions>().Current);
    }

    public static void MapNoRoute(this IEndpointRouteBuilder endpoints) => NoRoute.Map(endpoints);

    private static async Task AwaitedAsync(Task found, RequestDelegate next, HttpContext context)
    {
        await found;
        await next(context);
    }
}
