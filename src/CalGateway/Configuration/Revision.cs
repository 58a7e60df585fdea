using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// One state of the whole configuration, checked before it exists and never changed afterwards.
/// A request belongs to the revision of the route that it met, from start to end.
/// </summary>
/// <param name="Id">Twelve hex digits of a SHA-256 over the effective settings: the same settings are the same revision.</param>
/// <param name="Routes">YARP's routes, each stamped with <see cref="Id"/>.</param>
/// <param name="Clusters">YARP's clusters.</param>
/// <param name="Plans">What the gateway's stages need of each route, by route id.</param>
/// <param name="Warnings">What was found and does not keep the revision from taking effect.</param>
internal sealed record Revision(
    string Id,
    IReadOnlyList<RouteConfig> Routes,
    IReadOnlyList<ClusterConfig> Clusters,
    IReadOnlyDictionary<string, RoutePlan> Plans,
    IReadOnlyList<Finding> Warnings);
