namespace CalGateway.Configuration.Routing;

/// <summary>
/// Where endpoints are mapped. Not the application itself: routing there listens for changed endpoints, and never again once a
/// change made it throw. Here they are only collected, and a <see cref="RoutingTable"/> is made of them.
/// </summary>
internal sealed class GatewayEndpoints(IApplicationBuilder app) : IEndpointRouteBuilder
{
    public IServiceProvider ServiceProvider => app.ApplicationServices;

    public ICollection<EndpointDataSource> DataSources { get; } = [];

    /// <summary>Those of this moment.</summary>
    public IReadOnlyList<Endpoint> All => [.. DataSources.SelectMany(source => source.Endpoints)];

    public IApplicationBuilder CreateApplicationBuilder() => app.New();
}
