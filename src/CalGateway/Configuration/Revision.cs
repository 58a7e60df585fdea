using CalGateway.Configuration.Settings;
using CalGateway.Journey.Routes;
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
    public required GatewayOptions AllOptions { get; init; }

    /// <summary>YARP's routes, each stamped with <see cref="Id"/>.</summary>
    public required IReadOnlyList<RouteConfig> Routes { get; init; }

    public required IReadOnlyList<ClusterConfig> Clusters { get; init; }

    /// <summary>The base URLs of Cal.com.</summary>
    public IEnumerable<string> CalComAddresses => Clusters
        .Where(cluster => CalComCluster.Is(cluster.ClusterId))
        .SelectMany(cluster => cluster.Destinations?.Values ?? [])
        .Select(destination => destination.Address);

    /// <summary>What the gateway's stages need of each route, by route id.</summary>
    public required IReadOnlyDictionary<string, RoutePlan> Plans { get; init; }

    /// <summary>What was found and does not keep the revision from taking effect.</summary>
    public required IReadOnlyList<Finding> Warnings { get; init; }

    /// <summary>What a room has bound one of its sections to.</summary>
    public T Options<T>()
        where T : notnull => AllOptions.Get<T>();

    /// <summary>What a room has made of the whole revision.</summary>
    public T Get<T>()
        where T : class => Plan.Part<T>()!;
}
