using System.Collections.Concurrent;
using CalGateway.Catalogue;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Pulse;

/// <summary>
/// What the last fifteen minutes were like, kept in this process for the status page. It is fed by every request, so it takes no lock
/// and asks no clock there: <see cref="PulseTimer"/> turns the rings.
/// </summary>
internal sealed class PulseRecorder(CalComCatalogue catalogue, TimeProvider clock)
{
    /// <summary>Of ten seconds each.</summary>
    public const int Beats = 90;

    /// <summary>Edits may name new routes without end; beyond so many they are counted together.</summary>
    private const int MostRoutes = 1000;

    public static readonly TimeSpan BeatLength = TimeSpan.FromSeconds(10);

    private readonly Lock _turning = new();
    private readonly ConcurrentDictionary<string, BeatRing<RouteBeat>> _routes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What met no route, and is not asked for by the gateway's own health checks.</summary>
    private readonly BeatRing<RouteBeat> _elsewhere = new();

    /// <summary>When this process began to serve.</summary>
    public DateTimeOffset Since { get; } = clock.GetUtcNow();

    public UpstreamPulse Upstream { get; } = new(clock);

    public ProblemLog Problems { get; } = new(catalogue, clock);

    public void Record(GatewayCall call)
    {
        if (call.Plan is { } plan)
            Count(plan.Part<RouteMeasurements>()!.Recent ??= RingOf(plan.RouteId), call);
        else if (call.ProblemCode is not null)
            Count(_elsewhere, call);
    }

    public void Turn()
    {
        lock (_turning)
        {
            foreach (var (_, ring) in _routes)
                ring.Turn();
            _elsewhere.Turn();
            Upstream.Ring.Turn();
        }
    }

    /// <summary>All of it at one moment.</summary>
    public PulseSnapshot Read()
    {
        lock (_turning)
        {
            return new PulseSnapshot(
                _routes.ToDictionary(route => route.Key, route => route.Value.Read(), StringComparer.OrdinalIgnoreCase),
                _elsewhere.Read(),
                Upstream.Ring.Read());
        }
    }

    private void Count(BeatRing<RouteBeat> ring, GatewayCall call)
    {
        var beat = ring.Current;
        beat.Count(call.Cache);
        if (call.IsLegacyShape)
            beat.CountOlderShape();
        if (call.ProblemCode is not { } code || call.IsRefusedByCalCom)
            return;

        beat.CountProblem();
        Problems.Note(call, code);
    }

    private BeatRing<RouteBeat> RingOf(string route) =>
        _routes.Count < MostRoutes || _routes.ContainsKey(route) ? _routes.GetOrAdd(route, static _ => new BeatRing<RouteBeat>()) : _elsewhere;
}
