using CalGateway.Catalogue;
using CalGateway.Configuration.Lint;
using CalGateway.Journey;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Diagnosis.Shape;

/// <summary>What one route of one revision expects of the shape of its answers.</summary>
internal sealed class ShapeWatch(ShapeRule rule)
{
    private int _told;

    public ShapeRule Rule { get; } = rule;

    /// <summary>True once: a wrong pin is worth one line of the log, not one a request.</summary>
    public bool IsFirst() => Interlocked.Exchange(ref _told, 1) == 0;
}

/// <summary>
/// Gives a watch to the routes that want one. A route gets none if all that it matches has a single shape; what cannot be
/// told from the file alone is watched.
/// </summary>
internal sealed class ShapeWatches(IReadOnlyList<RouteOperations> assigned, ShapeRule rule)
{
    private readonly Dictionary<object, IReadOnlyList<Operation>> _operations =
        assigned.ToDictionary(other => (object)other.Route, other => other.Operations, ReferenceEqualityComparer.Instance);

    public ShapeWatch? For(RouteConfig route)
    {
        if (ApiVersionPin.Of(route) is null)
            return null;

        var known = _operations.GetValueOrDefault(route);
        return known is null || known.Any(operation => operation.Shapes is not null) ? new ShapeWatch(rule) : null;
    }
}
