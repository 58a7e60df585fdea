using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>The results of comparisons by route, pin and other version. An edit of other settings keeps them.</summary>
internal sealed partial class ShadowTallies(IMeterFactory meters, Revisions revisions, ILogger<ShadowTallies> logger)
{
    private readonly ConcurrentDictionary<ShadowedPin, ShadowTally> _tallies = new();
    private readonly Counter<long> _comparisons = meters.Create(GatewayMetrics.MeterName).CreateCounter<long>(
        "calgateway.shadow.comparisons", "{comparison}", "Reads that were to be asked at a route's Shadow version as well, by what came of it.");

    public void Record(RoutePlan plan, string version, Operation operation, ShadowVerdict verdict)
    {
        _comparisons.Add(1, new("outcome", verdict.Outcome.Name()), new("calgateway.route", plan.RouteId));
        var pin = ShadowedPin.Of(plan, version);
        if (!TallyOf(pin).Record(operation, verdict))
            return;

        if (verdict.Outcome == ShadowOutcome.Breaking)
            Log.Differs(logger, pin.Route, pin.Version, pin.Pin, operation.ToString(), verdict.FirstDifference());
        else
            Log.Unanswered(logger, pin.Route, pin.Version, operation.ToString(), verdict.Outcome.Name());
    }

    /// <summary>Null before the first comparison.</summary>
    public ShadowTally? Of(RoutePlan plan, string version) => _tallies.GetValueOrDefault(ShadowedPin.Of(plan, version));

    private ShadowTally TallyOf(ShadowedPin pin)
    {
        if (_tallies.TryGetValue(pin, out var tally))
            return tally;

        // A new key means that the settings were edited: remove what was counted under former ones.
        foreach (var (former, _) in _tallies)
        {
            if (!former.IsIn(revisions.Current))
                _tallies.TryRemove(former, out _);
        }

        return _tallies.GetOrAdd(pin, static _ => new ShadowTally());
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Shadow of route {Route}: at {Version} {Operation} differs from {Pin}: {Difference}")]
        public static partial void Differs(ILogger logger, string route, string version, string pin, string operation, string difference);

        [LoggerMessage(LogLevel.Information, "Shadow of route {Route}: at {Version} {Operation} comes to {Outcome}")]
        public static partial void Unanswered(ILogger logger, string route, string version, string operation, string outcome);
    }
}

internal readonly record struct ShadowedPin(string Route, string Pin, string Version)
{
    public static ShadowedPin Of(RoutePlan plan, string version) => new(plan.RouteId, plan.ApiVersion.ToString(), version);

    public bool IsIn(Revision revision) =>
        revision.Plans.TryGetValue(Route, out var plan) && plan.ApiVersion.ToString() == Pin && plan.Part<ShadowSettings>()?.Version == Version;
}
