using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CalGateway.Configuration.Routing;

/// <summary>
/// ASP.NET Core's own routing over endpoints that do not change any more. It stands on services of its own, which end with it:
/// routing asks its container for a disposable object per table, and the gateway's container would keep each of them, and with
/// it the whole revision, until the gateway stops.
/// </summary>
internal sealed class RoutingTable : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _find;

    private RoutingTable(ServiceProvider services, IReadOnlyList<Endpoint> endpoints)
    {
        _services = services;
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseRouting();
        pipeline.Run(_ => Task.CompletedTask);
        pipeline.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
        _find = pipeline.Build();
    }

    /// <summary>Complete when this returns: whatever routing finds wrong with an endpoint, it says now and not to the first caller.</summary>
    public static RoutingTable Of(IReadOnlyList<Endpoint> endpoints, IServiceProvider services)
    {
        var own = RoutingServices(services);
        try
        {
            var table = new RoutingTable(own, endpoints);
            table.FindAsync(AnyRequest(services)).GetAwaiter().GetResult(); // routing prepares itself with the first request; it never leaves the process
            return table;
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Sets the endpoint of the request; leaves it unset where none matches.</summary>
    public Task FindAsync(HttpContext context) => _find(context);

    /// <summary>Whoever is in the midst of <see cref="FindAsync"/> finds all the same: what ends only listens for changes.</summary>
    public void Dispose() => _services.Dispose();

    /// <summary>The gateway's policies, log and metrics; objects that are handed over do not end with this container.</summary>
    private static ServiceProvider RoutingServices(IServiceProvider gateway)
    {
        var services = new ServiceCollection()
            .AddSingleton(gateway.GetRequiredService<ILoggerFactory>())
            .AddSingleton(gateway.GetRequiredService<IMeterFactory>())
            .AddSingleton(gateway.GetRequiredService<DiagnosticListener>())
            .AddLogging()
            .AddRouting()
            .RemoveAll<MatcherPolicy>();
        foreach (var policy in gateway.GetServices<MatcherPolicy>())
            services.AddSingleton(policy);
        return services.BuildServiceProvider();
    }

    private static DefaultHttpContext AnyRequest(IServiceProvider services) =>
        new() { RequestServices = services, Request = { Method = HttpMethods.Get, Path = "/" } };
}
