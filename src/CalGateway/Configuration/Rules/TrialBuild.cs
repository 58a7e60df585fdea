using CalGateway.Configuration.Routing;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Configuration.Rules;

/// <summary>
/// Builds the clients, transforms, endpoints and routing table that would be served, in a service container of its own, and disposes of them. An error
/// that no other rule finds, and that shows only while these are built, is found here instead of in the running gateway.
/// </summary>
internal sealed class TrialBuild(IReadOnlyList<ITransformFactory> transforms)
{
    private static readonly (string Setting, Func<RouteConfig, RouteConfig> Without)[] RouteSettings =
    [
        ("Transforms", route => route with { Transforms = null }),
        ("Match:Path", route => route with { Match = route.Match with { Path = "/{**any}" } }),
        ("Match:Hosts", route => route with { Match = route.Match with { Hosts = null } }),
        ("Match:Methods", route => route with { Match = route.Match with { Methods = null } }),
        ("Match:Headers", route => route with { Match = route.Match with { Headers = null } }),
        ("Match:QueryParameters", route => route with { Match = route.Match with { QueryParameters = null } }),
    ];

    /// <param name="routes">Routes in which no other rule has found an error.</param>
    /// <param name="clusters">Clusters in which no other rule has found an error.</param>
    public IEnumerable<Finding> Examine(IReadOnlyList<RouteConfig> routes, IReadOnlyList<ClusterConfig> clusters)
    {
        RouteConfig[] served = [.. routes.Select(RevisionStamp.Unresolved)];
        if (Failure(served, clusters) is { } failure)
            yield return InCluster(clusters) ?? InRoute(served, clusters) ?? Finding.Error($"This cannot be served: {Words(failure)}", "ReverseProxy");
    }

    private Finding? InCluster(IReadOnlyList<ClusterConfig> clusters) => clusters
        .Select(cluster => (cluster.ClusterId, Failure: Failure([], [cluster])))
        .Where(tried => tried.Failure is not null)
        .Select(tried => Finding.Error(
            $"Cluster \"{tried.ClusterId}\" cannot be made: {Words(tried.Failure!)} Correct its settings, or take out the last one that was changed.",
            $"ReverseProxy:Clusters:{tried.ClusterId}"))
        .FirstOrDefault();

    /// <summary>Finds by bisection the first route that fails together with the routes before it: some errors show only in combination.</summary>
    private Finding? InRoute(RouteConfig[] routes, IReadOnlyList<ClusterConfig> clusters)
    {
        var (good, bad) = (0, routes.Length);
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            (good, bad) = Failure(routes[..middle], clusters) is null ? (middle, bad) : (good, middle);
        }

        if (bad == 0 || Failure(routes[..bad], clusters) is not { } failure)
            return null;

        var (culprit, before) = (routes[bad - 1], routes[..(bad - 1)]);
        var setting = RouteSettings.Where(one => Failure([.. before, one.Without(culprit)], clusters) is null).Select(one => one.Setting).FirstOrDefault();
        return Finding.Error(
            $"Route \"{culprit.RouteId}\" cannot be served{(setting is null ? "" : $" for its {setting}")}: {Words(failure)} Write it otherwise, or take it out.",
            setting is null ? $"ReverseProxy:Routes:{culprit.RouteId}" : $"ReverseProxy:Routes:{culprit.RouteId}:{setting}");
    }

    private Exception? Failure(RouteConfig[] routes, IReadOnlyList<ClusterConfig> clusters)
    {
        try
        {
            using var services = Services(routes, clusters);
            var endpoints = new GatewayEndpoints(new ApplicationBuilder(services));
            endpoints.MapReverseProxy(_ => { });
            RoutingTable.Of(endpoints.All, services).Dispose();
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private ServiceProvider Services(RouteConfig[] routes, IReadOnlyList<ClusterConfig> clusters)
    {
        var services = new ServiceCollection().AddLogging();
        YarpRegistration.AddTo(services, transforms).LoadFromMemory(routes, clusters);
        services.AddSingleton<IForwarderHttpClientFactory, SilentClientFactory>();
        services.AddSingleton(_ => new System.Diagnostics.DiagnosticListener("CalGateway.Trial")); // made by the container so that it disposes it; until then the runtime keeps a list of all listeners
        return services.BuildServiceProvider();
    }

    private static string Words(Exception failure)
    {
        var message = RevisionRejectedException.Innermost(failure);
        return message.EndsWith('.') ? message : message + ".";
    }

    /// <summary>Makes every client as the gateway would, but sends nothing: YARP starts health probes as soon as it has destinations.</summary>
    private sealed class SilentClientFactory(ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger)
    {
        protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler)
        {
            handler.Dispose();
            return new SilentHandler();
        }
    }

    private sealed class SilentHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage());
    }
}
