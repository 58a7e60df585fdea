using System.Diagnostics.Metrics;
using CalGateway.Journey;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Telemetry;

/// <summary>The gateway's own instruments. Dashboards rely on their names, which change only with the contract.</summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "CalGateway";

    private static readonly CacheResult[] Results = Enum.GetValues<CacheResult>();

    private readonly Counter<long> _problems;
    private readonly Counter<long> _shapeMismatches;
    private readonly Counter<long> _shapeChanges;
    private readonly Counter<long> _reloads;
    private readonly ServerDurations _durations;
    private readonly RecentActivity _activity;
    private int _lastReloadSuccessful = 1;

    public GatewayMetrics(IMeterFactory meters, ServerDurations durations, RecentActivity activity)
    {
        _durations = durations;
        _activity = activity;
        var meter = meters.Create(MeterName);
        meter.CreateObservableCounter("calgateway.cache.requests", ReadCacheRequests, "{request}", "Requests on routes with a cache, by result.");
        _problems = meter.CreateCounter<long>("calgateway.problems", "{problem}", "Problems answered, by code.");
        _shapeMismatches = meter.CreateCounter<long>(
            "calgateway.shape.mismatches", "{answer}", "Answers of Cal.com in an older shape than the pinned version has.");
        _shapeChanges = meter.CreateCounter<long>(
            "calgateway.shape.changes", "{field}", "Fields of Cal.com's answers that are gone or have another type, at an unchanged version.");
        _reloads = meter.CreateCounter<long>("calgateway.config.reloads", "{reload}", "Edits of the configuration, by outcome.");
        meter.CreateObservableGauge("calgateway.config.last_reload_successful", () => Volatile.Read(ref _lastReloadSuccessful), null,
            "1 if the last edit of the configuration is in force, 0 if it was refused.");
    }

    /// <summary>Counts a request that is over.</summary>
    public void Record(GatewayCall call, HttpContext context)
    {
        _activity.Record(call);
        if (call is { ProblemCode: { } code, IsRefusedByCalCom: false })
            _problems.Add(1, new("calgateway.problem.code", code), new("calgateway.route", call.Plan?.RouteId));
        _durations.Record(call, context);
    }

    public void ShapeMismatch(string route) => _shapeMismatches.Add(1, new KeyValuePair<string, object?>("calgateway.route", route));

    public void ShapeChange(string route) => _shapeChanges.Add(1, new KeyValuePair<string, object?>("calgateway.route", route));

    public void Reload(bool accepted)
    {
        Volatile.Write(ref _lastReloadSuccessful, accepted ? 1 : 0);
        _reloads.Add(1, new KeyValuePair<string, object?>("outcome", accepted ? "accepted" : "refused"));
    }

    /// <summary>The counter is observable so that a request is counted once, in <see cref="RecentActivity"/>, and not again in OpenTelemetry.</summary>
    private IEnumerable<Measurement<long>> ReadCacheRequests() =>
        from route in _activity.Routes
        from result in Results
        where result != CacheResult.None && route.Value.Total(result) > 0
        select new Measurement<long>(
            route.Value.Total(result), new("calgateway.cache.result", SpanTags.NameOf(result)), new("calgateway.route", route.Key));
}
