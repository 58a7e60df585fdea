using CalGateway.Journey.Routes;

namespace CalGateway.Configuration.Routing;

/// <summary>The routing table in force. A new one is built completely and swapped in with one write; if that fails, the former one stays.</summary>
internal sealed class ServedRoutes : IDisposable
{
    private GatewayEndpoints? _endpoints;
    private RoutingTable? _table;

    public RoutingTable Table => Volatile.Read(ref _table)!;

    /// <summary>Must be called once, after all endpoints are mapped.</summary>
    public void Start(GatewayEndpoints endpoints, Revision first)
    {
        _endpoints = endpoints;
        Apply(first);
    }

    /// <summary>Replaces the table with that of a revision, whose endpoints YARP must have made already.</summary>
    /// <exception cref="InvalidOperationException">YARP's endpoints do not belong to the revision.</exception>
    public void Apply(Revision revision)
    {
        var endpoints = _endpoints!.All;
        var stamped = endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<RoutePlan>() is { } plan && plan.Revision == revision.Id);
        if (stamped != revision.Routes.Count)
            throw new InvalidOperationException($"Of {revision.Routes.Count} routes YARP has made {stamped} endpoints.");

        Interlocked.Exchange(ref _table, RoutingTable.Of(endpoints, _endpoints.ServiceProvider))?.Dispose();
    }

    public void Dispose() => _table?.Dispose();
}
