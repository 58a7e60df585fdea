using CalGateway.Catalogue;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>The operations of all routes of a revision, as <see cref="RouteTable"/> has found them.</summary>
internal sealed class AssignedOperations(IEnumerable<RouteOperations> routes)
{
    private readonly Dictionary<string, IReadOnlyList<Operation>> _operations =
        routes.ToDictionary(assigned => assigned.Route.RouteId, assigned => assigned.Operations, StringComparer.OrdinalIgnoreCase);

    /// <summary>The operations of a route; null if they do not follow from the file alone, and for routes that do not go to Cal.com.</summary>
    public IReadOnlyList<Operation>? Of(RouteConfig route) => _operations.GetValueOrDefault(route.RouteId);
}
