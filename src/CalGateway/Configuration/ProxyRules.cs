using CalGateway.CalCom;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// Reads the <c>ReverseProxy</c> section with YARP's own reader and judges it with YARP's own validator, both in a
/// throw-away container: what has been validated is, object for object, what will be served.
/// </summary>
internal static class ProxyRules
{
    public static (IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters) Read(
        IConfigurationSection section, GatewayOptions options, List<Finding> findings)
    {
        var services = new ServiceCollection().AddLogging();
        services.AddReverseProxy().LoadFromConfig(section).AddCalComTransforms();
        using var provider = services.BuildServiceProvider();

        IProxyConfig config;
        try
        {
            config = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException)
        {
            findings.Add(Finding.Error(failure.Message, section.Path));
            return ([], []);
        }

        findings.AddRange(Shape(config, section.Path));
        findings.AddRange(Policies(config, options, section.Path));
        var routes = config.Routes.Select(route => route with { OutputCachePolicy = null }).ToList();
        findings.AddRange(Yarp(provider.GetRequiredService<IConfigValidator>(), routes, config.Clusters, section.Path));

        // The name is ours to resolve (Caching): it stays on the route that the plans are made from.
        return (config.Routes, config.Clusters);
    }

    /// <summary>What YARP would accept and then answer every request with 404 or 503.</summary>
    private static IEnumerable<Finding> Shape(IProxyConfig config, string path)
    {
        if (config.Routes.Count == 0)
            yield return Finding.Error("There is no route. Every request would be a 404; name at least one under ReverseProxy:Routes.", $"{path}:Routes");

        foreach (var route in config.Routes)
        {
            var known = config.Clusters.Any(cluster => string.Equals(cluster.ClusterId, route.ClusterId, StringComparison.OrdinalIgnoreCase));
            if (!known)
            {
                var names = string.Join(", ", config.Clusters.Select(cluster => $"\"{cluster.ClusterId}\""));
                yield return Finding.Error(
                    $"Route \"{route.RouteId}\" goes to the cluster \"{route.ClusterId}\", which is not under ReverseProxy:Clusters ({names}).",
                    $"{path}:Routes:{route.RouteId}:ClusterId");
            }
        }

        foreach (var cluster in config.Clusters.Where(cluster => cluster.Destinations is not { Count: > 0 }))
        {
            yield return Finding.Error(
                $"Cluster \"{cluster.ClusterId}\" has no destination. Give it one: \"Destinations\": {{ \"api\": {{ \"Address\": \"https://api.cal.com\" }} }}.",
                $"{path}:Clusters:{cluster.ClusterId}");
        }
    }

    private static IEnumerable<Finding> Policies(IProxyConfig config, GatewayOptions options, string path) =>
        from route in config.Routes
        where route.OutputCachePolicy is { Length: > 0 } name && options.Cache.Find(name) is null
        select Finding.Error(
            $"Route \"{route.RouteId}\" names the cache policy \"{route.OutputCachePolicy}\", which is not under CalGateway:Cache:Policies " +
            $"({string.Join(", ", options.Cache.Policies.Keys.Select(known => $"\"{known}\""))}).",
            $"{path}:Routes:{route.RouteId}:OutputCachePolicy");

    private static IEnumerable<Finding> Yarp(
        IConfigValidator validator, IEnumerable<RouteConfig> routes, IEnumerable<ClusterConfig> clusters, string path)
    {
        // YARP's validators are asynchronous in form only: none of them leaves the process.
        foreach (var route in routes)
        {
            foreach (var failure in validator.ValidateRouteAsync(route).AsTask().GetAwaiter().GetResult())
                yield return Finding.Error(failure.Message, $"{path}:Routes:{route.RouteId}");
        }

        foreach (var cluster in clusters)
        {
            foreach (var failure in validator.ValidateClusterAsync(cluster).AsTask().GetAwaiter().GetResult())
                yield return Finding.Error(failure.Message, $"{path}:Clusters:{cluster.ClusterId}");
        }
    }
}
