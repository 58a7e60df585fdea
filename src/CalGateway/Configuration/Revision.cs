using CalGateway.Configuration.Settings;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// One state of the whole configuration: validated before it is made, and immutable. A request uses the revision of its route from start to end,
/// even if an edit takes effect meanwhile.
/// </summary>
internal sealed record Revision
{
    /// <summary>Twelve hex digits of a hash of <see cref="Settings"/>.</summary>
    public string Id => Plan.Id;

    /// <summary>What requests need of the revision.</summary>
    public required RevisionPlan Plan { get; init; }

    /// <summary>All settings that were given in the file or in environment variables.</summary>
    public required EffectiveSettings Settings { get; init; }

    /// <summary>The <c>CalGateway</c> section with its defaults.</summary>
    public required GatewayOptions AllOptions { get; init; }

    /// <summary>YARP's routes, each stamped with <see cref="Id"/>.</summary>
    public required IReadOnlyList<RouteConfig> Routes { get; init; }

    public required IReadOnlyList<ClusterConfig> Clusters { get; init; }

    public IEnumerable<string> CalComAddresses => AddressesOf(CalComCluster.Name);

    /// <summary><see cref="CalComAddresses"/> in one text, made once for each revision. What was learned of Cal.com is kept while it stays the same.</summary>
    public string CalComAddressesText => field ??= string.Join(' ', CalComAddresses);

    /// <summary>What requests need of each route, by route id.</summary>
    public required IReadOnlyDictionary<string, RoutePlan> Plans { get; init; }

    public required IReadOnlyList<Finding> Warnings { get; init; }

    /// <summary>The base URLs of a cluster; none where there is no such cluster.</summary>
    public IEnumerable<string> AddressesOf(string clusterId) => Clusters
        .Where(cluster => cluster.ClusterId.Equals(clusterId, StringComparison.OrdinalIgnoreCase))
        .SelectMany(cluster => cluster.Destinations?.Values ?? [])
        .Select(destination => destination.Address);

    public T Options<T>()
        where T : notnull => AllOptions.Get<T>();

    /// <summary>What one folder has prepared for the whole revision.</summary>
    public T Get<T>()
        where T : class => Plan.Part<T>()!;
}
