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
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.CalCom;

/// <summary>How the gateway calls Cal.com: credential, version, headers, admission, retries, connections.</summary>
internal static class CalComExtensions
{
    public static IServiceCollection AddCalCom(this IServiceCollection services, CredentialSource source, CredentialBook book, ITransformProvider transforms)
    {
        services.AddSingleton(source);
        services.AddSingleton(book);
        services.AddSingleton(book.Own);
        services.AddHostedService<CredentialWatcher>();
        services.AddSingleton<QuotaMetrics>();
        services.AddSingleton<BudgetHeaders>();
        services.AddSingleton(provider =>
        {
            var revisions = provider.GetRequiredService<Revisions>();
            return new QuotaLimiter(
                () => revisions.Current.Get<UpstreamOptions>().Quota, provider.GetRequiredService<QuotaMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<IQuotaPool>(),
                () => revisions.Current.CalComAddressesText);
        });
        services.AddSingleton<UpstreamLanes>();
        services.AddSingleton<UpstreamGate>();
        services.AddSingleton<Retries>();
        services.AddSingleton<AdmissionControl>();
        services.AddSingleton<OtherClusters>();
        services.AddSingleton<UpstreamTraffic>();
        services.AddSingleton<UpstreamGauges>();
        services.AddSingleton(transforms);
        services.AddSingleton<IForwarderHttpClientFactory, CalComClientFactory>();
        RemoveKeyRing(services);
        RemoveAuthorization(services);
        return services;
    }

    /// <summary>Data Protection, which YARP registers for session affinity, would write a key ring to the user's home directory at start. It is not used here.</summary>
    private static void RemoveKeyRing(IServiceCollection services)
    {
        var warmUp = services.Where(service => service.ServiceType == typeof(IHostedService)
            && service.ImplementationType?.Assembly == typeof(KeyManagementOptions).Assembly);
        foreach (var service in warmUp.ToList())
            services.Remove(service);
    }

    /// <summary>
    /// YARP registers ASP.NET Core's authorization, which the host would then run before every request. Access decides who may call. What needs the first of
    /// these goes with it, because in development the host examines all services.
    /// </summary>
    private static void RemoveAuthorization(IServiceCollection services) =>
        services.RemoveAll<IAuthorizationHandlerProvider>().RemoveAll<IAuthorizationService>().RemoveAll<IPolicyEvaluator>();

    /// <summary>Ignores <c>Upgrade</c>, as HTTP allows. Cal.com's API has no WebSockets, and a signed tunnel would bypass every rule of the gateway.</summary>
    private static Task WithoutUpgrade(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        if (headers.Upgrade.Count > 0 && CalComCluster.IsTargetOf(context.GetReverseProxyFeature().Route.Config))
            headers.Upgrade = default;
        return next(context);
    }

    /// <summary>Runs YARP's passive health checks only for clusters that have them switched on, because the stage costs time at every request.</summary>
    private static void UsePassiveHealthChecksWhereWanted(IReverseProxyApplicationBuilder pipeline)
    {
        RequestDelegate around = null!;
        pipeline.Use(through => context => IsWanted(context) ? through(context) : around(context));
        pipeline.UsePassiveHealthChecks();
        pipeline.Use(next => around = next);

        static bool IsWanted(HttpContext context) =>
            context.Features[typeof(IReverseProxyFeature)] is IReverseProxyFeature { Cluster.Config.HealthCheck.Passive.Enabled: true };
    }

    /// <param name="whenForwardingFails">Adds the stage that turns a failed forward into an answer.</param>
    public static void MapCalCom(this IEndpointRouteBuilder endpoints, Action<IReverseProxyApplicationBuilder> whenForwardingFails)
    {
        endpoints.ServiceProvider.GetRequiredService<UpstreamGauges>(); // creates the gauges, so that they are exported from the start
        endpoints.MapReverseProxy(pipeline =>
        {
            pipeline.Use(WithoutUpgrade);
            whenForwardingFails(pipeline);
            pipeline.UseLoadBalancing();
            pipeline.UseMiddleware<RetryStage>(); // sends a request a second time where that is safe and may help
            pipeline.UseMiddleware<AdmissionStage>();
            UsePassiveHealthChecksWhereWanted(pipeline);
        })
        .ConfigureEndpoints((endpoint, route) =>
        {
            endpoint.WithMetadata(endpoints.ServiceProvider.GetRequiredService<Revisions>().PlanOf(route));
        });
    }
}
