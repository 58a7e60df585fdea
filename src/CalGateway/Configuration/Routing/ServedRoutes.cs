using CalGateway.Journey;

namespace CalGateway.Configuration.Routing;

/// <summary>
/// The routing table that requests meet. The next one is made aside and takes its place in one step, or not at all: whatever
/// throws while it is made, the one before serves on, and the next edit is as welcome as any.
/// </summary>
internal sealed class ServedRoutes : IDisposable
{
    private GatewayEndpoints? _endpoints;
    private RoutingTable? _table;

    public RoutingTable Table => Volatile.Read(ref _table)!;

    /// <summary>Once, when every endpoint is mapped.</summary>
    public void Begin(GatewayEndpoints endpoints, Revision first)
    {
        _endpoints = endpoints;
        Take(first);
    }

    /// <exception cref="InvalidOperationException">YARP's endpoints are not the revision's.</exception>
    public void Take(Revision revision)
    {
        var endpoints = _endpoints!.All;
        var stamped = endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<RoutePlan>() is { } plan && plan.Revision == revision.Id);
        if (stamped != revision.Routes.Count)
            throw new InvalidOperationException($"Of {revision.Routes.Count} routes YARP has made {stamped} endpoints.");

        Interlocked.Exchange(ref _table, RoutingTable.Of(endpoints, _endpoints.ServiceProvider))?.Dispose();
    }

    public void Dispose() => _table?.Dispose();
}
