using CalGateway.Configuration;
using CalGateway.Diagnosis;

namespace CalGateway.CalCom;

/// <summary>How we speak to Cal.com: credential, version, header hygiene, connections.</summary>
internal static class CalComExtensions
{
    public static IServiceCollection AddCalCom(this IServiceCollection services, CredentialSource source)
    {
        services.AddSingleton(source);
        services.AddSingleton(new Credential(source.Read()));
        services.AddHostedService<CredentialWatcher>();
        services.AddReverseProxy().AddCalComTransforms().ConfigureHttpClient(CalComConnection.Configure);
        return services;
    }

    /// <summary>The transforms that <c>yarp.json</c> may name; the configuration's validator needs them too.</summary>
    public static IReverseProxyBuilder AddCalComTransforms(this IReverseProxyBuilder proxy) => proxy
        .AddTransformFactory<CalApiVersionTransformFactory>()
        .AddTransformFactory<CalNotFoundTransformFactory>()
        .AddTransforms<CalComTransformProvider>();

    public static void MapCalCom(this WebApplication app) => app
        .MapReverseProxy(pipeline =>
        {
            pipeline.UseForwardingFailures();
            pipeline.UseLoadBalancing();
            pipeline.UsePassiveHealthChecks();
        })
        .ConfigureEndpoints((endpoint, route) =>
        {
            var plan = app.Services.GetRequiredService<Revisions>().PlanOf(route);
            endpoint.WithMetadata(plan);
            if (plan.Cache is { } cache)
                endpoint.WithMetadata(cache);
        });
}
