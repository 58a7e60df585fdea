using CalGateway.Access;
using CalGateway.Configuration.Lint;
using CalGateway.Journey;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// One state of the whole configuration, checked before it exists and never changed afterwards.
/// A request belongs to the revision of the route that it met, from start to end.
/// </summary>
internal sealed record Revision
{
    /// <summary>Twelve hex digits over <see cref="Settings"/>.</summary>
    public string Id => Plan.Id;

    /// <summary>What requests need of it.</summary>
    public required RevisionPlan Plan { get; init; }

    /// <summary>Everything that is in force and was written somewhere, by key.</summary>
    public required EffectiveSettings Settings { get; init; }

    /// <summary>The <c>CalGateway</c> section, defaults filled in.</summary>
    public required GatewayOptions Options { get; init; }

    /// <summary>YARP's routes, each stamped with <see cref="Id"/>.</summary>
    public required IReadOnlyList<RouteConfig> Routes { get; init; }

    public required IReadOnlyList<ClusterConfig> Clusters { get; init; }

    /// <summary>Who may call.</summary>
    public required AccessPlan Access { get; init; }

    /// <summary>What the gateway's stages need of each route, by route id.</summary>
    public required IReadOnlyDictionary<string, RoutePlan> Plans { get; init; }

    /// <summary>Some route sends the callers' own Cal.com tokens: what comes as Authorization may be one.</summary>
    public bool TakesCallersTokens => _takesCallersTokens ??= Plans.Values.Any(plan => plan.Part<RouteAccess>()!.TakesCallersTokens);

    private bool? _takesCallersTokens;

    /// <summary>What the catalogue thinks of each route's pin, by route id.</summary>
    public required IReadOnlyDictionary<string, PinVerdict> Pins { get; init; }

    /// <summary>What was found and does not keep the revision from taking effect.</summary>
    public required IReadOnlyList<Finding> Warnings { get; init; }
}
