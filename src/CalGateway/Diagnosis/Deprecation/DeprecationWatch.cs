using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>What Cal.com has announced to give up, by route and operation: for the log once a day, for the status page and for a gauge.</summary>
internal sealed partial class DeprecationWatch
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string Route, string Operation), Announced> _announced = new();
    private readonly TimeProvider _clock;
    private readonly ILogger<DeprecationWatch> _logger;

    public DeprecationWatch(IMeterFactory meters, TimeProvider clock, ILogger<DeprecationWatch> logger)
    {
        _clock = clock;
        _logger = logger;
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "calgateway.upstream.deprecated", Deprecated, "{operation}", "Operations that Cal.com has announced to give up, by the route that asks for them.");
        meter.CreateObservableGauge(
            "calgateway.upstream.sunset", Sunsets, "s", "Seconds until the first operation that a route asks for stops answering.");
    }

    /// <summary>A sentence an operation, in the order of their routes.</summary>
    public IReadOnlyList<string> Told => [.. _announced.OrderBy(announced => announced.Key).Select(announced => $"Route \"{announced.Key.Route}\": {announced.Value.Notice}")];

    public void Note(string route, DeprecationNotice notice)
    {
        var now = _clock.GetUtcNow();
        var announced = _announced.GetOrAdd((route, notice.Operation), static (_, notice) => new Announced(notice), notice);
        announced.Notice = notice;
        if (announced.IsToBeLogged(now))
            Log.Deprecated(_logger, route, notice.ToString());
    }

    private IEnumerable<Measurement<int>> Deprecated() =>
        from announced in _announced
        group announced by announced.Key.Route into route
        select new Measurement<int>(route.Count(), Of(route.Key));

    private IEnumerable<Measurement<double>> Sunsets() =>
        from announced in _announced
        where announced.Value.Notice.Sunset is not null
        group announced.Value.Notice.Sunset!.Value by announced.Key.Route into route
        select new Measurement<double>((route.Min() - _clock.GetUtcNow()).TotalSeconds, Of(route.Key));

    private static KeyValuePair<string, object?> Of(string route) => new("calgateway.route", route);

    private sealed class Announced(DeprecationNotice notice)
    {
        private long _loggedAt;

        /// <summary>The latest.</summary>
        public DeprecationNotice Notice { get; set; } = notice;

        /// <summary>True once a day, for one of all who ask at a time.</summary>
        public bool IsToBeLogged(DateTimeOffset now)
        {
            var last = Interlocked.Read(ref _loggedAt);
            return now.UtcTicks - last >= Day.Ticks && Interlocked.CompareExchange(ref _loggedAt, now.UtcTicks, last) == last;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Route {Route}: {Notice}")]
        public static partial void Deprecated(ILogger logger, string route, string notice);
    }
}
