using System.Diagnostics.Metrics;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Deprecation;

/// <summary>The deprecations that Cal.com has announced, by route and operation: logged once a day, shown on the status page, and measured by a gauge.</summary>
internal sealed partial class DeprecationWatch
{
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
    public IReadOnlyList<string> Descriptions =>
        [.. InForce.OrderBy(route => route.Id).SelectMany(route => route.Notices.Select(notice => $"Route \"{route.Id}\": {notice}")).Distinct()];

    /// <summary>Whether anything was ever announced.</summary>
    public bool IsUsed => _isUsed;

    /// <summary>What Cal.com announces to the routes of the revision in force.</summary>
    private IEnumerable<(string Id, IEnumerable<DeprecationNotice> Notices)> InForce => _isUsed
        ? _revisions.Current.Plans.Select(route => (route.Key, route.Value.Part<Announcements>()!.InForce)).Where(route => route.InForce.Any())
        : [];

    /// <param name="version">The version that was sent; empty for none.</param>
    public void Record(RoutePlan plan, string version, DeprecationNotice notice)
    {
        _isUsed = true;
        if (plan.Part<Announcements>()!.Record(version, notice, _clock.GetUtcNow()))
            Log.Deprecated(_logger, plan.RouteId, notice.ToString());
    }

    private IEnumerable<Measurement<int>> Deprecated() =>
        InForce.Select(route => new Measurement<int>(route.Notices.Select(notice => notice.Operation).Distinct().Count(), Of(route.Id)));

    private IEnumerable<Measurement<double>> Sunsets() =>
        from route in InForce
        let first = route.Notices.Min(notice => notice.Sunset)
        where first is not null
        select new Measurement<double>((first.Value - _clock.GetUtcNow()).TotalSeconds, Of(route.Id));

    private static KeyValuePair<string, object?> Of(string route) => new("calgateway.route", route);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Route {Route}: {Notice}")]
        public static partial void Deprecated(ILogger logger, string route, string notice);
    }
}
