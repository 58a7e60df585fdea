using CalGateway.Journey.Routes;

namespace CalGateway.Configuration.Routing;

/// <summary>
/// The routing table in force. A new one is built aside and swapped in with one write. If building it throws, the previous table stays, and a
/// later edit can still succeed.
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
