using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CalGateway.Configuration.Routing;

/// <summary>
/// ASP.NET Core's routing over a fixed set of endpoints. It has a service container of its own that is disposed with it: routing creates a disposable
/// object per table, and the gateway's container would keep all of these, and with each its whole revision, until the gateway stops.
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

    /// <summary>Builds the table completely, so that an error in an endpoint is thrown here and not at the first request.</summary>
    public static RoutingTable Of(IReadOnlyList<Endpoint> endpoints, IServiceProvider services)
    {
        var own = RoutingServices(services);
        try
        {
            var table = new RoutingTable(own, endpoints);
            table.FindAsync(AnyRequest(services)).GetAwaiter().GetResult(); // routing builds its matcher with the first request; this one is not sent anywhere
            return table;
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Sets the endpoint of the request; leaves it unset where none matches.</summary>
    public Task FindAsync(HttpContext context)
    {
        ComponentsHeader.EnsureValue(context.Request.Headers);
        return _find(context);
    }

    /// <summary>Safe while <see cref="FindAsync"/> runs: what is disposed only listens for changes of endpoints.</summary>
    public void Dispose() => _services.Dispose();

    /// <summary>Shares the gateway's policies, log and metrics. A container does not dispose instances that it was given.</summary>
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
