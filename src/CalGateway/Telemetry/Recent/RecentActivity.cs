using System.Collections.Concurrent;
using CalGateway.Catalogue;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Recent;

/// <summary>What happened in the last fifteen minutes, in buckets of ten seconds, kept in this process for the status page.</summary>
internal sealed class RecentActivity(CalComCatalogue catalogue, TimeProvider clock)
{
    public const int Buckets = 90;

    /// <summary>Edits may name new routes without end. Routes beyond this limit are counted together, and have no cache metric: OpenTelemetry has the same limit.</summary>
    private const int MostRoutes = 2000;

    public static readonly TimeSpan BucketLength = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, RouteActivity> _routes = new(StringComparer.Ordinal);

    /// <summary>Problems of requests that met no route. The gateway's own health checks meet none either, and are not counted.</summary>
    private readonly RouteActivity _withoutRoute = new();

    /// <summary>When this process began to serve.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    public UpstreamActivity Upstream { get; } = new(clock);

    public RecentProblems Problems { get; } = new(catalogue, clock);

    /// <summary>Each route that was asked for, by its id.</summary>
    public IEnumerable<KeyValuePair<string, RouteActivity>> Routes => _routes;

    /// <summary>Called once for each request, when it is over.</summary>
    public void Record(GatewayCall call)
    {
        if (call.Plan is { } plan)
            ActivityOf(plan.RouteId).Count(call);
        else if (call.ProblemCode is not null)
            _withoutRoute.Count(call);

        if (call is { ProblemCode: { } code, IsRefusedByCalCom: false })
            Problems.Add(call, code);
    }

    public void EndBucket()
    {
        lock (_lock)
        {
            foreach (var (_, route) in _routes)
                route.EndBucket();
            _withoutRoute.EndBucket();
            Upstream.EndBucket();
        }
    }

    /// <summary>All of it at one moment.</summary>
    public ActivitySnapshot Read()
    {
        lock (_lock)
        {
            return new ActivitySnapshot(
                _routes.ToDictionary(route => route.Key, route => route.Value.Read(), StringComparer.Ordinal), _withoutRoute.Read(), Upstream.Read());
        }
    }

    private RouteActivity ActivityOf(string route) =>
        _routes.TryGetValue(route, out var activity) ? activity
        : _routes.Count < MostRoutes ? _routes.GetOrAdd(route, static _ => new RouteActivity())
        : _withoutRoute;
}
