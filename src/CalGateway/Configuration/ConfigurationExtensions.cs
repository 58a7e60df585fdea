using CalGateway.Configuration.Routing;
using CalGateway.Configuration.Settings;
using CalGateway.Configuration.Watching;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>Registers what reads <c>yarp.json</c>, validates it, puts it in force and watches it.</summary>
internal static class ConfigurationExtensions
{
    /// <exception cref="StartupException">The settings are refused; the message lists every reason.</exception>
    public static IServiceCollection AddRevisions(this IServiceCollection services, SettingsFile file, RevisionFactory factory, IEnumerable<RevisionPart> parts)
    {
        var revisions = First(file, factory);

        services.AddReverseProxy();
        foreach (var transform in parts.SelectMany(part => part.Transforms))
            services.AddSingleton(transform);

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

    private static Revisions First(SettingsFile file, RevisionFactory factory)
    {
        var (content, failure) = file.Read();
        if (content is null)
            throw new StartupException(failure!);

        var attempt = factory.CreateUntried(content);
        if (attempt.Revision is null)
            attempt = factory.Create(content); // tells all that is wrong
        var revision = attempt.Revision ?? throw new StartupException(RevisionFactory.Refusal(file, attempt.Findings));
        return new Revisions(revision, SettingsFile.FingerprintOf(content));
    }
}
