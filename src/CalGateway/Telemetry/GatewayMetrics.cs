using System.Diagnostics.Metrics;
using CalGateway.Journey;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Pulse;

namespace CalGateway.Telemetry;

/// <summary>The gateway's own instruments. Their names are relied on by dashboards; they change only with the contract.</summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "CalGateway";

    private readonly CacheCounts _cacheRequests = new();
    private readonly Counter<long> _problems;
    private readonly Counter<long> _shapeMismatches;
    private readonly Counter<long> _reloads;
    private readonly Counter<long> _watchFailures;
    private readonly RequestDurations _durations;
    private readonly PulseRecorder _pulse;
    private int _lastReloadSuccessful = 1;

    public GatewayMetrics(IMeterFactory meters, RequestDurations durations, PulseRecorder pulse)
    {
        _durations = durations;
        _pulse = pulse;
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter("calgateway.cache.requests", _cacheRequests.Read, "{request}", "Requests on routes with a cache, by result.");
        _problems = meter.CreateCounter<long>("calgateway.problems", "{problem}", "Problems answered, by code.");
        _shapeMismatches = meter.CreateCounter<long>(
            "calgateway.shape.mismatches", "{answer}", "Answers of Cal.com in an older shape than the pinned version has.");
        _reloads = meter.CreateCounter<long>("calgateway.config.reloads", "{reload}", "Edits of the configuration, by outcome.");
        _watchFailures = meter.CreateCounter<long>(
            "calgateway.watch.failures", "{failure}", "Looks at the settings, a key file or another thing watched that failed by a fault of the gateway's own.");
        meter.CreateObservableGauge("calgateway.config.last_reload_successful", () => Volatile.Read(ref _lastReloadSuccessful), null,
            "1 if the last edit of the configuration is in force, 0 if it was refused.");
    }

    /// <summary>Counts what became of a request.</summary>
    public void Record(GatewayCall call, HttpContext context)
    {
        _pulse.Record(call);
        if (call is { Cache: not CacheResult.None, Plan: { } plan })
            _cacheRequests.Add(plan.RouteId, call.Cache);
        if (call.ProblemCode is { } code && !call.IsRefusedByCalCom)
            _problems.Add(1, new("calgateway.problem.code", code), new("calgateway.route", call.Plan?.RouteId));
        _durations.Record(call, context);
    }

    public void ShapeMismatch(string route) => _shapeMismatches.Add(1, new KeyValuePair<string, object?>("calgateway.route", route));

    public void WatchFailure(string what) => _watchFailures.Add(1, new KeyValuePair<string, object?>("watch", what));

    public void Reload(bool accepted)
    {
        Volatile.Write(ref _lastReloadSuccessful, accepted ? 1 : 0);
        _reloads.Add(1, new KeyValuePair<string, object?>("outcome", accepted ? "accepted" : "refused"));
    }
}
