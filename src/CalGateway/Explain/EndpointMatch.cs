using Microsoft.AspNetCore.Routing;

namespace CalGateway.Explain;

/// <summary>Which endpoint a request would meet, asked of the framework's own routing over the gateway's own endpoints.</summary>
internal sealed class EndpointMatch(IServiceProvider services)
{
    private readonly Lock _lock = new();
    private ICollection<EndpointDataSource> _sources = [];
    private RequestDelegate? _routing;

    /// <summary>The endpoints that are asked; the same objects that serve.</summary>
    public void Over(ICollection<EndpointDataSource> sources) => _sources = sources;

    public async Task<Endpoint?> FindAsync(HttpContext context)
    {
        await Routing()(context);
        return context.GetEndpoint();
    }

    private RequestDelegate Routing()
    {
        lock (_lock)
            return _routing ??= Build();
    }

    /// <summary>Routing, then nothing: no endpoint is ever run from here.</summary>
    private RequestDelegate Build()
    {
        var pipeline = new ApplicationBuilder(services);
        pipeline.UseRouting();
        pipeline.Run(_ => Task.CompletedTask);
        pipeline.UseEndpoints(endpoints =>
        {
            foreach (var source in _sources)
                endpoints.DataSources.Add(source);
        });
        return pipeline.Build();
    }
}
