using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Traffic;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using CalGateway.Rehearsal.Reading;
using Yarp.ReverseProxy;

namespace CalGateway.Rehearsal;

/// <summary>A running rehearsal.</summary>
internal sealed record RehearsalUnderWay(string Route, string Version, string Progress);

/// <summary>Runs rehearsals for operators in the background: one at a time, and only with quota that callers do not need. Keeps the last ten reports.</summary>
internal sealed partial class Rehearsals(
    Revisions revisions, IProxyStateLookup proxy, Credential credential, AdmissionControl admission, UpstreamTraffic traffic,
    CalComCatalogue catalogue, IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Rehearsals> logger)
{
    private const int MaxReports = 10;

    private readonly Lock _lock = new();
    private RehearsalUnderWay? _underWay;
    private IReadOnlyList<RehearsalReport> _reports = [];

    /// <summary>Null where none is running.</summary>
    public RehearsalUnderWay? UnderWay => Volatile.Read(ref _underWay);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<RehearsalReport> Reports => Volatile.Read(ref _reports);

    /// <summary>The versions in the catalogue, the newest first.</summary>
    public IReadOnlyList<string> Versions => catalogue.KnownVersions;

    public bool HasRoute(string route) => RehearsedRoute.Find(revisions.Current, route) is not null;

    /// <summary>False where a rehearsal is already running.</summary>
    public bool TryBegin(string route, string version)
    {
        var name = RehearsedRoute.Find(revisions.Current, route)?.RouteId ?? route;
        lock (_lock)
        {
            if (_underWay is not null)
                return false;
            Volatile.Write(ref _underWay, new RehearsalUnderWay(name, version, "begins"));
        }

        _ = Task.Run(() => ExecuteAsync(name, version));
        return true;
    }

    private async Task ExecuteAsync(string route, string version)
    {
        RehearsalReport? report = null;
        try
        {
            report = await RehearseAsync(route, version);
            Log.Rehearsed(logger, route, version, report.Verdict.Describe(), report.Requests);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            report = RehearsalReport.Impossible(route, version, "the gateway stops");
        }
        catch (Exception failure)
        {
            Log.Failed(logger, failure, route, version);
            report = RehearsalReport.Impossible(route, version, "the rehearsal itself failed, which is a fault of the gateway's own; its log says more");
        }
        finally
        {
            lock (_lock)
            {
                if (report is not null)
                    Volatile.Write(ref _reports, [report, .. _reports.Where(other => other.Route != report.Route || other.Version != report.Version).Take(MaxReports - 1)]);
                Volatile.Write(ref _underWay, null);
            }
        }
    }

    private async Task<RehearsalReport> RehearseAsync(string name, string version)
    {
        var revision = revisions.Current;
        if (RehearsedRoute.Find(revision, name) is not { } config)
            return RehearsalReport.Impossible(name, version, "the route is not there any more");
        if (RehearsedRoute.Of(revision, config, version, out var why) is not { } route)
            return RehearsalReport.Impossible(name, version, why, ApiVersionPin.Of(config)?.Version);
        if (!proxy.TryGetCluster(config.ClusterId!, out var cluster) || cluster.Destinations.Values.FirstOrDefault()?.Model.Config.Address is not { } destination)
            return RehearsalReport.Impossible(name, version, "its cluster has no destination", route.Pinned);

        var (signature, plan) = (credential.Current, revision.Plans[config.RouteId]);
        var demand = UpstreamDemand.OfGateway(signature, destination, mayWait: true);
        var upstream = new RehearsalUpstream(new Uri(destination), signature, (request, stopping) => SendAsync(request, cluster.Model.HttpClient, plan, demand, stopping));
        var client = new RehearsalClient(upstream, clock);
        return await new RehearsalRun(route, client, catalogue, clock, progress => Volatile.Write(ref _underWay, new RehearsalUnderWay(route.Route, version, progress)))
            .ExecuteAsync(lifetime.ApplicationStopping);
    }

    /// <summary>Sends a request like all others to Cal.com: admitted, with the lowest priority, and counted.</summary>
    private async Task<SentRead> SendAsync(HttpRequestMessage request, HttpMessageInvoker client, RoutePlan plan, UpstreamDemand demand, CancellationToken cancellation)
    {
        using var lease = await admission.EnterAsync(demand, cancellation);
        if (lease.Refusal is { } refusal)
        {
            return new SentRead(null, refusal.Type == ProblemTypes.QuotaExhausted
                ? "what is left of the key's quota is needed for callers"
                : "Cal.com fails or is busy, and is left to callers");
        }

        return new SentRead(await lease.SendAsync(request, client, plan, traffic, mayFail: false, cancellation), null);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Rehearsed {Route} at {Version}: {Verdict}, with {Requests} requests to Cal.com")]
        public static partial void Rehearsed(ILogger logger, string route, string version, string verdict, int requests);

        [LoggerMessage(LogLevel.Error, "Rehearsing {Route} at {Version} failed, which is a fault of the gateway's own")]
        public static partial void Failed(ILogger logger, Exception failure, string route, string version);
    }
}
