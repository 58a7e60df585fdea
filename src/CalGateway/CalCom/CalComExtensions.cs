using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Connections;
using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Protection;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Quota.Sharing;
using CalGateway.CalCom.Retrying;
using CalGateway.CalCom.Traffic;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.CalCom;

/// <summary>How we speak to Cal.com: credential, version, header hygiene, connections.</summary>
internal static class CalComExtensions
{
    public static IServiceCollection AddCalCom(this IServiceCollection services, CredentialSource source, CredentialBook book, ITransformProvider transforms)
    {
        services.AddSingleton(source);
        services.AddSingleton(book);
        services.AddSingleton(book.Own);
        services.AddHostedService<CredentialWatcher>();
        services.AddSingleton<QuotaMetrics>();
        services.AddSingleton<QuotaGauges>();
        services.AddSingleton<BudgetHeaders>();
        services.AddSingleton(provider =>
        {
            var revisions = provider.GetRequiredService<Revisions>();
            return new QuotaLimiter(
                () => revisions.Current.Get<UpstreamOptions>().Quota, provider.GetRequiredService<QuotaMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<IQuotaPool>());
        });
        services.AddSingleton<UpstreamLanes>();
        services.AddSingleton<UpstreamGate>();
        services.AddSingleton<Retries>();
        services.AddSingleton<AdmissionControl>();
        services.AddSingleton<OtherClusters>();
        services.AddSingleton<UpstreamTraffic>();
        services.AddSingleton(transforms);
        services.AddSingleton<IForwarderHttpClientFactory, CalComClientFactory>();
        RemoveKeyRing(services);
        RemoveAuthorization(services);
        return services;
    }

    /// <summary>YARP's session affinity, which is not used here, would have a key ring written to the user's home at start.</summary>
    private static void RemoveKeyRing(IServiceCollection services)
    {
        var warmUp = services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly);
        foreach (var service in warmUp.ToList())
            services.Remove(service);
    }

    /// <summary>Who may call is decided in Access. The host would run ASP.NET Core's authorization before every request, for YARP has registered it.</summary>
    private static void RemoveAuthorization(IServiceCollection services) => services.RemoveAll<IAuthorizationHandlerProvider>();

    /// <summary>Cal.com's API has no WebSockets, and a signed tunnel would leave every rule behind. HTTP lets a server pass over the wish.</summary>
    private static Task WithoutUpgrade(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (headers.Upgrade.Count > 0 && CalComCluster.IsTargetOf(context.GetReverseProxyFeature().Route.Config))
            headers.Upgrade = default;
        return next(context);
    }

    /// <summary>YARP's stage waits for every answer, to look at those of clusters that want it; the others' requests go around it.</summary>
    private static void UsePassiveHealthChecksWhereWanted(IReverseProxyApplicationBuilder pipeline)
    {
        RequestDelegate around = null!;
        pipeline.Use(through => context => IsWanted(context) ? through(context) : around(context));
        pipeline.UsePassiveHealthChecks();
        pipeline.Use(next => around = next);

        static bool IsWanted(HttpContext context) =>
            context.Features[typeof(IReverseProxyFeature)] is IReverseProxyFeature { Cluster.Config.HealthCheck.Passive.Enabled: true };
    }

    /// <param name="endpoints">The gateway's.</param>
    /// <param name="whenForwardingFails">Adds what turns a failed forward into an answer.</param>
    public static void MapCalCom(this IEndpointRouteBuilder endpoints, Action<IReverseProxyApplicationBuilder> whenForwardingFails)
    {
        endpoints.ServiceProvider.GetRequiredService<QuotaGauges>(); // to be read from the start
        endpoints.MapReverseProxy(pipeline =>
        {
            pipeline.Use(WithoutUpgrade);
            whenForwardingFails(pipeline);
            pipeline.UseLoadBalancing();
            pipeline.UseMiddleware<RetryStage>(); // once more what is safe and worth it
            pipeline.UseMiddleware<AdmissionStage>();
            UsePassiveHealthChecksWhereWanted(pipeline);
        })
        .ConfigureEndpoints((endpoint, route) =>
        {
            endpoint.WithMetadata(endpoints.ServiceProvider.GetRequiredService<Revisions>().PlanOf(route));
        });
    }
}
