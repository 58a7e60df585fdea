namespace CalGateway.Configuration.Routing;

/// <summary>ASP.NET Core's own routing over endpoints that do not change any more.</summary>
internal sealed class RoutingTable
{
    private readonly RequestDelegate _find;

    private RoutingTable(RequestDelegate find) => _find = find;

    /// <summary>Complete when this returns: whatever routing finds wrong with an endpoint, it says now and not to the first caller.</summary>
    public static RoutingTable Of(IReadOnlyList<Endpoint> endpoints, IServiceProvider services)
    {
        IEndpointRouteBuilder? routes = null;
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseRouting();
        pipeline.Run(_ => Task.CompletedTask);
        pipeline.UseEndpoints(builder => routes = builder);
        routes!.DataSources.Add(new DefaultEndpointDataSource(endpoints)); // not in UseEndpoints, which keeps for ever what it is given

        var table = new RoutingTable(pipeline.Build());
        table.FindAsync(AnyRequest(services)).GetAwaiter().GetResult(); // routing prepares itself with the first request; it never leaves the process
        return table;
    }

    /// <summary>Sets the endpoint of the request; leaves it unset where none matches.</summary>
    public Task FindAsync(HttpContext context) => _find(context);

    private static DefaultHttpContext AnyRequest(IServiceProvider services) =>
        new() { RequestServices = services, Request = { Method = HttpMethods.Get, Path = "/" } };
}
