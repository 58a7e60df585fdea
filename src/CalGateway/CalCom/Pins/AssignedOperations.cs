using CalGateway.Catalogue;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>What <see cref="RouteTable"/> has found for a whole revision, by route id.</summary>
internal sealed class AssignedOperations(IEnumerable<RouteOperations> routes)
{
    private readonly Dictionary<string, IReadOnlyList<Operation>> _operations =
        routes.ToDictionary(assigned => assigned.Route.RouteId, assigned => assigned.Operations, StringComparer.OrdinalIgnoreCase);

    /// <summary>Null where it cannot be told from the file alone, and for routes that do not go to Cal.com.</summary>
    public IReadOnlyList<Operation>? Of(RouteConfig route) => _operations.GetValueOrDefault(route.RouteId);
}
