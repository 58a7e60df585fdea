using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>What Cal.com has announced to give up, by route: for the log once a day, for the status page and for a gauge.</summary>
internal sealed partial class DeprecationWatch
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<string, Announced> _announced = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeProvider _clock;
    private readonly ILogger<DeprecationWatch> _logger;

    public DeprecationWatch(IMeterFactory meters, TimeProvider clock, ILogger<DeprecationWatch> logger)
    {
        _clock = clock;
        _logger = logger;
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "calgateway.upstream.deprecated", () => _announced.Select(route => new Measurement<int>(1, Of(route.Key))), null,
            "1 for each route on which Cal.com has announced a deprecation.");
        meter.CreateObservableGauge(
            "calgateway.upstream.sunset", () => Sunsets(), "s", "Seconds until what a route asks for stops answering.");
    }

    /// <summary>A sentence a route, in the order of their names.</summary>
    public IReadOnlyList<string> Told => [.. _announced.OrderBy(route => route.Key, StringComparer.Ordinal).Select(route => $"Route \"{route.Key}\": {route.Value.Notice}")];

    public void Note(string route, DeprecationNotice notice)
    {
        var now = _clock.GetUtcNow();
        var isNew = !_announced.TryGetValue(route, out var before) || now - before.LoggedAt >= Day;
        if (isNew)
            Log.Deprecated(_logger, route, notice.ToString());
        if (isNew || before!.Notice != notice)
            _announced[route] = new Announced(notice, isNew ? now : before!.LoggedAt);
    }

    private IEnumerable<Measurement<double>> Sunsets() =>
        from route in _announced
        where route.Value.Notice.Sunset is not null
        select new Measurement<double>((route.Value.Notice.Sunset!.Value - _clock.GetUtcNow()).TotalSeconds, Of(route.Key));

    private static KeyValuePair<string, object?> Of(string route) => new("calgateway.route", route);

    private sealed record Announced(DeprecationNotice Notice, DateTimeOffset LoggedAt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Route {Route}: {Notice}")]
        public static partial void Deprecated(ILogger logger, string route, string notice);
    }
}
