using System.Net;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.V1;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>Warns of routes and clusters that work, but probably not as intended.</summary>
internal static class RouteLint
{
    private static readonly string[] Versions = ["/v2", "/v1"];

    public static IEnumerable<Finding> Examine(IReadOnlyList<RouteOperations> routes, IReadOnlyList<ClusterConfig> clusters) =>
        [.. routes.SelectMany(Route), .. clusters.SelectMany(Cluster), .. clusters.Where(cluster => CalComCluster.Is(cluster.ClusterId)).SelectMany(cluster => Address(cluster, routes))];

    private static IEnumerable<Finding> Route(RouteOperations assigned)
    {
        var route = assigned.Route;
        var key = $"ReverseProxy:Routes:{route.RouteId}";
        if (CalComCluster.IsTargetOf(route) && ApiVersionPin.Of(route) is null && !CalApiKeyQueryTransformFactory.IsOn(route))
        {
            yield return Finding.Warning(
                $"Route \"{route.RouteId}\" goes to Cal.com without CalApiVersion: its requests {(CalCredentialTransformFactory.IsCallers(route) ? "" : "carry no credential and ")}are answered in the oldest shape. " +
                "Add { \"CalApiVersion\": \"…\" } to its Transforms.", key);
        }

        if (route.OutputCachePolicy is { Length: > 0 } && !IsCacheable(assigned))
        {
            yield return Finding.Warning(
                $"Route \"{route.RouteId}\" has a cache, but nothing that it matches can be read: only GET and HEAD are ever cached. " +
                "Remove OutputCachePolicy, or let the route match a list.", $"{key}:OutputCachePolicy");
        }

        if (ShadowSettings.Of(route) is not null && !IsCacheable(assigned))
        {
            yield return Finding.Warning(
                $"Route \"{route.RouteId}\" has Shadow, but nothing that it matches is a read: only reads are asked at another version as well.", ShadowSettings.KeyOn(route));
        }
    }

    /// <summary>Whether the route can get a read. A route whose operations the catalogue does not know is assumed to.</summary>
    private static bool IsCacheable(RouteOperations assigned) =>
        (assigned.Route.Match.Methods is not { Count: > 0 } methods || methods.Any(method => HttpMethods.IsGet(method) || HttpMethods.IsHead(method)))
        && (assigned.Operations.Count == 0 || assigned.Operations.Any(operation => HttpMethods.IsGet(operation.Method)));

    private static IEnumerable<Finding> Cluster(ClusterConfig cluster) =>
        from destination in (CalComCluster.Is(cluster.ClusterId) ? cluster.Destinations : null) ?? new Dictionary<string, DestinationConfig>()
        where Uri.TryCreate(destination.Value.Address, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && !IsLoopback(address)
        select Finding.Warning(
            $"Destination \"{destination.Key}\" of cluster \"{cluster.ClusterId}\" is reached over http://, so that the credential crosses the network " +
            "for everyone to read. Use https://.",
            $"ReverseProxy:Clusters:{cluster.ClusterId}:Destinations:{destination.Key}:Address");

    /// <summary>Warns of an address that ends with the version that callers' paths begin with, unless the routes remove it from the path.</summary>
    private static IEnumerable<Finding> Address(ClusterConfig cluster, IReadOnlyList<RouteOperations> routes) =>
        from destination in cluster.Destinations ?? new Dictionary<string, DestinationConfig>()
        let end = VersionAtTheEnd(destination.Value.Address)
        where end is not null && routes.Any(assigned => !TakesOff(assigned.Route, end) && assigned.Operations.Any(operation => operation.Template.StartsWith(end + "/", StringComparison.OrdinalIgnoreCase)))
        select Finding.Warning(
            $"The address of Cal.com, {destination.Value.Address}, ends with {end}, which callers' paths begin with as well: Cal.com would be asked for " +
            $"{end}{end}/… and know no such route. Take it off.",
            $"ReverseProxy:Clusters:{cluster.ClusterId}:Destinations:{destination.Key}:Address");

    private static bool TakesOff(RouteConfig route, string end) => route.Transforms?.Any(
        transform => transform.GetValueOrDefault("PathRemovePrefix")?.TrimEnd('/').EndsWith(end, StringComparison.OrdinalIgnoreCase) == true) == true;

    private static string? VersionAtTheEnd(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.AbsolutePath.TrimEnd('/') is var path
            ? Versions.FirstOrDefault(version => path.EndsWith(version, StringComparison.OrdinalIgnoreCase))
            : null;

    private static bool IsLoopback(Uri address) =>
        address.IsLoopback || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip));
}
