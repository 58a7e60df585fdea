using System.Security.Cryptography;
using System.Text;
using CalGateway.Catalogue.Matching;
using CalGateway.Configuration;
using CalGateway.Configuration.Schema;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Access.Settings;

/// <summary>Checks <c>CalGateway:Access:Consumers:&lt;name&gt;:Versions</c>: each entry must name a route with a pin, and a version that can be sent.</summary>
internal static class ConsumerVersions
{
    /// <summary>In letters. With more mistyped letters, a name resembles no route.</summary>
    private const int MaxMistyped = 3;

    private const int MaxLength = 100;

    /// <summary>A message lists route names only where there are at most this many.</summary>
    private const int MaxListed = 20;

    public static ConsumerPins PinsOf(AccessOptions access) => new(AllIn(access));

    /// <summary>Sixteen hex digits that are equal for consumers with the same versions on the same routes. Empty for a consumer without own versions.</summary>
    public static string IdOf(ConsumerOptions consumer)
    {
        if (consumer.Versions.Count == 0)
            return "";

        var text = string.Join('\n', consumer.Versions.Select(version => $"{version.Key.ToUpperInvariant()}\t{version.Value.Version}").Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
    }

    /// <param name="routes">The routes of the file; empty where they could not be read, which is reported elsewhere.</param>
    public static IEnumerable<Finding> Examine(AccessOptions access, IReadOnlyList<RouteConfig> routes)
    {
        if (routes.Count == 0)
            return [];

        var byName = routes.ToDictionary(route => route.RouteId, StringComparer.OrdinalIgnoreCase);
        return
            from pin in AllIn(access)
            let fault = Fault(pin.Consumer, pin.Route, pin.Version, byName)
            where fault is not null
            select Finding.Error(fault, pin.Setting);
    }

    private static IEnumerable<ConsumerPin> AllIn(AccessOptions access)
    {
        foreach (var (consumer, options) in access.Consumers)
        {
            foreach (var (route, version) in options.Versions)
                yield return new ConsumerPin(consumer, route, version.Version, version.Unverified);
        }
    }

    private static string? Fault(string consumer, string route, string version, Dictionary<string, RouteConfig> routes)
    {
        if (!routes.TryGetValue(route, out var found))
            return $"Consumer \"{consumer}\" has a version for the route \"{route}\", and there is no such route{Suggestion(route, routes)}";
        if (ApiVersionPin.Of(found) is null)
        {
            return $"Consumer \"{consumer}\" has a version for the route \"{found.RouteId}\", which pins none, so that nothing would be sent. " +
                "Add { \"CalApiVersion\": \"…\" } to the route's Transforms, or take this line out.";
        }

        return ApiVersionPin.IsVersion(version)
            ? null
            : $"\"{version}\", the version of route \"{found.RouteId}\" for consumer \"{consumer}\", is not a version. Write a date such as \"2024-06-14\".";
    }

    private static string Suggestion(string route, Dictionary<string, RouteConfig> routes)
    {
        if (route.Length > MaxLength)
            return ".";

        var (closest, distance) = routes.Keys
            .Select(known => (known, distance: EditDistance.Bounded(route, known, MaxMistyped)))
            .MinBy(candidate => candidate.distance);
        return (distance <= MaxMistyped, routes.Count <= MaxListed) switch
        {
            (true, _) => $"; did you mean \"{closest}\"?",
            (_, true) => $". There are {Quoted.List(routes.Keys)}.",
            _ => ".",
        };
    }
}
