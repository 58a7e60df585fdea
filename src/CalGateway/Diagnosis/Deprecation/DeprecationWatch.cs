using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>The deprecations that Cal.com has announced, by route and operation: logged once a day, shown on the status page, and measured by a gauge.</summary>
internal sealed partial class DeprecationWatch
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string Route, string Operation, string ApiVersion), Announced> _announced = new();
    private readonly Revisions _revisions;
    private readonly TimeProvider _clock;
    private readonly ILogger<DeprecationWatch> _logger;

    /// <summary>Lets the usual case, no announcement at all, skip the dictionary on every answer.</summary>
    private volatile bool _isUsed;

    public DeprecationWatch(IMeterFactory meters, Revisions revisions, TimeProvider clock, ILogger<DeprecationWatch> logger)
    {
        _revisions = revisions;
        _clock = clock;
        _logger = logger;
        var meter = meters.Create(GatewayMetrics.MeterName);
        meter.CreateObservableGauge(
            "calgateway.upstream.deprecated", Deprecated, "{operation}", "Operations that Cal.com has announced to give up, by the route that asks for them.");
        meter.CreateObservableGauge(
            "calgateway.upstream.sunset", Sunsets, "s", "Seconds until the first operation that a route asks for stops answering.");
    }

    /// <summary>One sentence for each operation, ordered by route.</summary>
    public IReadOnlyList<string> Descriptions => [.. InForce.OrderBy(announced => announced.Key).Select(announced => $"Route \"{announced.Key.Route}\": {announced.Value.Notice}").Distinct()];

    /// <summary>Whether anything was ever announced.</summary>
    public bool IsUsed => _isUsed;

    /// <param name="version">The version that was sent; empty for none.</param>
    public void Record(RoutePlan plan, string version, DeprecationNotice notice)
    {
        var now = _clock.GetUtcNow();
        var announced = _announced.GetOrAdd((plan.RouteId, notice.Operation, version), static (_, notice) => new Announced(notice), notice);
        announced.Notice = notice;
        announced.IsOver = false;
        _isUsed = true;
        if (announced.IsToBeLogged(now))
            Log.Deprecated(_logger, plan.RouteId, notice.ToString());
    }

    /// <summary>Cal.com has answered the operation without an announcement. The time of the last log line is kept in case it comes back.</summary>
    public void End(RoutePlan plan, string version, string operation)
    {
        if (_announced.TryGetValue((plan.RouteId, operation, version), out var announced))
            announced.IsOver = true;
    }

    /// <summary>Announcements about versions that the routes still use. A changed pin or a removed route ends them.</summary>
    private IEnumerable<KeyValuePair<(string Route, string Operation, string ApiVersion), Announced>> InForce => _announced.Where(announced =>
        !announced.Value.IsOver && _revisions.Current.Plans.TryGetValue(announced.Key.Route, out var plan) && IsAskedAt(plan, announced.Key.ApiVersion));

    private bool IsAskedAt(RoutePlan plan, string version) =>
        version == plan.ApiVersion.ToString() || plan.TakesCallersVersion || _revisions.Current.Get<ConsumerPins>().On(plan.RouteId).Any(own => own.Version == version);

    private IEnumerable<Measurement<int>> Deprecated() =>
        from announced in InForce
        group announced by announced.Key.Route into route
        select new Measurement<int>(route.Select(announced => announced.Key.Operation).Distinct().Count(), Of(route.Key));

    private IEnumerable<Measurement<double>> Sunsets() =>
        from announced in InForce
        where announced.Value.Notice.Sunset is not null
        group announced.Value.Notice.Sunset!.Value by announced.Key.Route into route
        select new Measurement<double>((route.Min() - _clock.GetUtcNow()).TotalSeconds, Of(route.Key));

    private static KeyValuePair<string, object?> Of(string route) => new("calgateway.route", route);

    private sealed class Announced(DeprecationNotice notice)
    {
        private long _loggedAt;

        public DeprecationNotice Notice { get; set; } = notice;

        /// <summary>Cal.com no longer announces it.</summary>
        public bool IsOver { get; set; }

        /// <summary>True once a day, for one of several threads.</summary>
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
