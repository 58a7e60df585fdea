using CalGateway.Access.Settings;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Access;

/// <summary>Which callers a route admits, by its <c>AuthorizationPolicy</c> or, without one, by the mode.</summary>
internal enum CallerPolicy
{
    /// <summary>All callers. In the settings: <c>Anonymous</c>.</summary>
    Anybody,

    /// <summary>Callers that are known by whatever means.</summary>
    Known,

    ApiKey,

    Jwt,
}

internal static class CallerPolicies
{
    private const string Names = "\"Default\" (as Access:Mode says), \"Anonymous\", \"Known\", \"ApiKey\" and \"Jwt\"";

    public static CallerPolicy Of(RouteConfig route, AccessMode mode) => Named(route.AuthorizationPolicy) ?? mode switch
    {
        AccessMode.ApiKey => CallerPolicy.ApiKey,
        AccessMode.Jwt => CallerPolicy.Jwt,
        AccessMode.Loopback => CallerPolicy.Known,
        _ => CallerPolicy.Anybody,
    };

    public static bool Admits(this CallerPolicy policy, CallerKind kind) => policy switch
    {
        CallerPolicy.Anybody => true,
        CallerPolicy.ApiKey => kind == CallerKind.ApiKey,
        CallerPolicy.Jwt => kind == CallerKind.Jwt,
        _ => kind != CallerKind.Anonymous,
    };

    public static IEnumerable<Finding> Examine(IEnumerable<RouteConfig> routes, AccessOptions access)
    {
        foreach (var route in routes)
        {
            var key = $"ReverseProxy:Routes:{route.RouteId}";
            if (route.AuthorizationPolicy is { Length: > 0 } name && !IsDefault(name) && Named(name) is null)
                yield return Finding.Error($"AuthorizationPolicy \"{name}\" of route \"{route.RouteId}\" is not known. There are {Names}.", $"{key}:AuthorizationPolicy");

            var policy = Of(route, access.Mode);
            if (policy == CallerPolicy.Jwt && access.Jwt is null)
                yield return Finding.Error($"Route \"{route.RouteId}\" asks for a token, and CalGateway:Access:Jwt says nothing of whose.", $"{key}:AuthorizationPolicy");
            if (policy == CallerPolicy.ApiKey && !access.Consumers.Values.Any(consumer => consumer.Keys.Length > 0))
                yield return Finding.Error($"Route \"{route.RouteId}\" asks for a key, and no consumer under CalGateway:Access:Consumers has one.", $"{key}:AuthorizationPolicy");
        }
    }

    private static bool IsDefault(string name) => name.Equals("Default", StringComparison.OrdinalIgnoreCase);

    private static CallerPolicy? Named(string? name) => name?.ToUpperInvariant() switch
    {
        "ANONYMOUS" => CallerPolicy.Anybody,
        "KNOWN" => CallerPolicy.Known,
        "APIKEY" => CallerPolicy.ApiKey,
        "JWT" => CallerPolicy.Jwt,
        _ => null,
    };
}
