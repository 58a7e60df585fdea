namespace CalGateway.Configuration.Routing;

/// <summary>
/// Collects the endpoints, of which a <see cref="RoutingTable"/> is made. They are not mapped on the application itself, because its routing stops
/// listening for changed endpoints once a change has made it throw.
/// </summary>
internal sealed class GatewayEndpoints(IApplicationBuilder app) : IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider => app.ApplicationServices;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    /// <summary>The endpoints at this moment.</summary>
    public IReadOnlyList<Endpoint> All => [.. DataSources.SelectMany(source => source.Endpoints)];

    public IApplicationBuilder CreateApplicationBuilder() => app.New();
}
