using CalGateway.Configuration.Routing;
using CalGateway.Configuration.Settings;
using CalGateway.Configuration.Watching;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>Registers what reads <c>yarp.json</c>, validates it, puts it in force and watches it.</summary>
internal static class ConfigurationExtensions
{
    public static IServiceCollection AddRevisions(
        this IServiceCollection services, SettingsFile file, RevisionFactory factory, Revisions revisions, IEnumerable<RevisionPart> parts)
    {
        YarpRegistration.AddTo(services, parts.SelectMany(part => part.Transforms));

        return services
            .AddSingleton(TimeProvider.System)
            .AddSingleton(file)
            .AddSingleton(factory)
            .AddSingleton(revisions)
            .AddSingleton(revisions.Proxy)
            .AddSingleton<RevisionHistory>()
            .AddSingleton<ServedRoutes>()
            .AddSingleton<MatcherPolicy, NameOrder>()
            .AddSingleton<ProxyReload>()
            .AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<ProxyReload>())
            .AddSingleton<ConfigurationWatcher>()
            .AddHostedService(provider => provider.GetRequiredService<ConfigurationWatcher>());
    }
}
