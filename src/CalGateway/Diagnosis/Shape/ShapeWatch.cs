using CalGateway.Catalogue;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Diagnosis.Shape;

/// <summary>Which shape the answers of one route of one revision should have.</summary>
internal sealed class ShapeWatch(ShapeRule rule)
{
    private int _reported;

    public ShapeRule Rule { get; } = rule;

    /// <summary>True once, so that a wrong pin is logged once and not for each request.</summary>
    public bool IsFirst() => Interlocked.Exchange(ref _reported, 1) == 0;

    /// <summary>Null for a route whose operations all have a single shape. A route whose operations are unknown is watched.</summary>
    /// <param name="operations">The route's operations; null where the file does not determine them.</param>
    public static ShapeWatch? For(RouteConfig route, IReadOnlyList<Operation>? operations, ShapeRule rule) =>
        ApiVersionPin.Of(route) is not null && (operations is null || operations.Any(operation => operation.Shapes is not null)) ? new ShapeWatch(rule) : null;
}
