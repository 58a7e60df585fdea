using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>What Cal.com has announced to give up, by route and operation: for the log once a day, for the status page and for a gauge.</summary>
internal sealed partial class DeprecationWatch
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string Route, string Operation), Announced> _announced = new();
    private readonly Revisions _revisions;
    private readonly TimeProvider _clock;
    private readonly ILogger<DeprecationWatch> _logger;

    /// <summary>Mostly nothing is, and it is asked with every answer.</summary>
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

    /// <summary>A sentence an operation, in the order of their routes.</summary>
    public IReadOnlyList<string> Told => [.. InForce.OrderBy(announced => announced.Key).Select(announced => $"Route \"{announced.Key.Route}\": {announced.Value.Notice}")];

    /// <summary>Whether anything was ever announced.</summary>
    public bool IsUsed => _isUsed;

    public void Note(RoutePlan plan, DeprecationNotice notice)
    {
        var now = _clock.GetUtcNow();
        var announced = _announced.GetOrAdd((plan.RouteId, notice.Operation), static (_, notice) => new Announced(notice), notice);
        announced.Notice = notice;
        announced.ApiVersion = plan.ApiVersion.ToString();
        _isUsed = true;
        if (announced.IsToBeLogged(now))
            Log.Deprecated(_logger, plan.RouteId, notice.ToString());
    }

    /// <summary>Cal.com has answered the operation and says nothing of its end any more. When it was logged is kept, for it may say so again.</summary>
    public void End(RoutePlan plan, string operation)
    {
        if (_announced.TryGetValue((plan.RouteId, operation), out var announced))
            announced.ApiVersion = null;
    }

    /// <summary>Those about the version that the route asks at now: with an edit of its pin, or without the route, it is over.</summary>
    private IEnumerable<KeyValuePair<(string Route, string Operation), Announced>> InForce => _announced.Where(announced =>
        _revisions.Current.Plans.TryGetValue(announced.Key.Route, out var plan) && plan.ApiVersion.ToString() == announced.Value.ApiVersion);

    private IEnumerable<Measurement<int>> Deprecated() =>
        from announced in InForce
        group announced by announced.Key.Route into route
        select new Measurement<int>(route.Count(), Of(route.Key));

    private IEnumerable<Measurement<double>> Sunsets() =>
        from announced in InForce
        where announced.Value.Notice.Sunset is not null
        group announced.Value.Notice.Sunset!.Value by announced.Key.Route into route
        select new Measurement<double>((route.Min() - _clock.GetUtcNow()).TotalSeconds, Of(route.Key));

    private static KeyValuePair<string, object?> Of(string route) => new("calgateway.route", route);

    private sealed class Announced(DeprecationNotice notice)
    {
        private long _loggedAt;

        /// <summary>The latest.</summary>
        public DeprecationNotice Notice { get; set; } = notice;

        /// <summary>At which it was announced, empty where none was sent; null once it is over.</summary>
        public string? ApiVersion { get; set; }

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
