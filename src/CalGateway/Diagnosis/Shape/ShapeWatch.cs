using CalGateway.Catalogue;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Diagnosis.Shape;

/// <summary>What one route of one revision expects of the shape of its answers.</summary>
internal sealed class ShapeWatch(ShapeRule rule)
{
    private int _told;

    public ShapeRule Rule { get; } = rule;

    /// <summary>True once: a wrong pin is worth one line of the log, not one a request.</summary>
    public bool IsFirst() => Interlocked.Exchange(ref _told, 1) == 0;

    /// <summary>
    /// Null for a route whose operations all have a single shape. What cannot be told from the file alone is watched.
    /// </summary>
    /// <param name="route">The route.</param>
    /// <param name="operations">What it gets; null where that cannot be told.</param>
    /// <param name="rule">What an older shape leads to.</param>
    public static ShapeWatch? For(RouteConfig route, IReadOnlyList<Operation>? operations, ShapeRule rule) =>
        ApiVersionPin.Of(route) is not null && (operations is null || operations.Any(operation => operation.Shapes is not null)) ? new ShapeWatch(rule) : null;
}
