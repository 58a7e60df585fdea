using CalGateway.Configuration.Schema;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration.Rules;

/// <summary>Reads the <c>ReverseProxy</c> section with YARP's own reader and validators. The same objects are served later.</summary>
internal static class ProxyRules
{
    /// <param name="isTried">False where YARP itself will validate the same when it is given the settings.</param>
    public static (IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters) Read(
        IConfigurationSection section, YarpRules yarp, List<Finding> findings, bool isTried)
    {
        var services = new ServiceCollection().AddLogging();
        new SectionReader(services).LoadFromConfig(section);
        using var provider = services.BuildServiceProvider();

        IProxyConfig config;
        try
        {
            config = provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
        }
        catch (Exception failure) when (failure is FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            findings.Add(Finding.Error(failure.Message, section.Path));
            return ([], []);
        }

        findings.AddRange(Shape(config, section.Path, fileIsSound: findings.Count == 0));
        var clusters = config.Clusters.Select(cluster => cluster.ClusterId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        findings.AddRange(config.Routes.Where(route => clusters.Contains(route.ClusterId ?? "")).SelectMany(route => yarp.Examine(route, isTried)));
        findings.AddRange(config.Clusters.SelectMany(cluster => yarp.Examine(cluster, isTried)));
        findings.AddRange(AmbiguityRules.Examine(config.Routes));
        return (config.Routes, config.Clusters);
    }

    /// <summary>Errors that YARP accepts, and then answers requests with 404 or 503.</summary>
    private static IEnumerable<Finding> Shape(IProxyConfig config, string path, bool fileIsSound)
    {
        if (config.Routes.Count == 0 && fileIsSound)
            yield return Finding.Error("There is no route. Every request would be a 404; name at least one under ReverseProxy:Routes.", $"{path}:Routes");

        var clusters = config.Clusters.Select(cluster => cluster.ClusterId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var route in config.Routes)
        {
            if (!clusters.Contains(route.ClusterId ?? ""))
            {
                yield return Finding.Error(
                    $"Route \"{route.RouteId}\" goes to the cluster \"{route.ClusterId}\", which is not under ReverseProxy:Clusters ({Quoted.List(config.Clusters.Select(cluster => cluster.ClusterId))}).",
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

    /// <summary>Registers only YARP's reader: to register the whole proxy takes eight times as long.</summary>
    private sealed class SectionReader(IServiceCollection services) : IReverseProxyBuilder
    {
        public IServiceCollection Services => services;
    }
}
