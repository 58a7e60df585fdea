using System.Collections.Concurrent;
using CalGateway.Catalogue;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Recent;

/// <summary>Counts of the last fifteen minutes in buckets of ten seconds, and in all, kept in this process for the status page and for metrics.</summary>
internal sealed class RecentActivity(CalComCatalogue catalogue, TimeProvider clock)
{
    public const int Buckets = 90;

    /// <summary>Edits can name any number of routes. Those beyond this limit, which OpenTelemetry has too, are counted together.</summary>
    private const int MaxRoutes = 2000;

    public static readonly TimeSpan BucketLength = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, RouteActivity> _routes = new(StringComparer.Ordinal);

    /// <summary>Problems of requests that matched no route. Health checks match none either, but have no problem, so they are not counted.</summary>
    private readonly RouteActivity _withoutRoute = new();

    /// <summary>When this process started.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    public UpstreamActivity Upstream { get; } = new(clock);

    public RecentProblems Problems { get; } = new(catalogue, clock);

    /// <summary>Every route that has had a request, by its id.</summary>
    public IEnumerable<KeyValuePair<string, RouteActivity>> Routes => _routes;

    /// <summary>The version at which a route's answer last came in an older shape; null for none.</summary>
    public string? OlderShapeVersionOf(string route) => _routes.GetValueOrDefault(route)?.OlderShapeVersion;

    /// <summary>Counts a request. To be called once for each, when it is over.</summary>
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
        : _routes.Count < MaxRoutes ? _routes.GetOrAdd(route, static _ => new RouteActivity())
        : _withoutRoute;
}
