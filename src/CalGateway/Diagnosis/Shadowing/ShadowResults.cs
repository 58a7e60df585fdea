using System.Diagnostics.Metrics;
using CalGateway.Catalogue;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry;

namespace CalGateway.Diagnosis.Shadowing;

/// <summary>Records the results of comparisons: on the tally of the route, in a metric, and the first bad one of each operation in the log.</summary>
internal sealed partial class ShadowResults(IMeterFactory meters, ILogger<ShadowResults> logger)
{
    private readonly Counter<long> _comparisons = meters.Create(GatewayMetrics.MeterName).CreateCounter<long>(
        "calgateway.shadow.comparisons", "{comparison}", "Reads that were to be asked at a route's Shadow version as well, by what came of it.");

    public void Record(RoutePlan plan, string version, Operation operation, ShadowVerdict verdict)
    {
        _comparisons.Add(1, new("outcome", verdict.Outcome.Name()), new("calgateway.route", plan.RouteId));
        if (plan.Part<ShadowTally>()?.Record(operation, verdict) != true)
            return;

        if (verdict.Outcome == ShadowOutcome.Breaking)
            Log.Differs(logger, plan.RouteId, version, plan.ApiVersion.ToString(), operation.ToString(), verdict.FirstDifference());
        else
            Log.Unanswered(logger, plan.RouteId, version, operation.ToString(), verdict.Outcome.Name());
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Shadow of route {Route}: at {Version} {Operation} differs from {Pin}: {Difference}")]
        public static partial void Differs(ILogger logger, string route, string version, string pin, string operation, string difference);

        [LoggerMessage(LogLevel.Information, "Shadow of route {Route}: at {Version} {Operation} comes to {Outcome}")]
        public static partial void Unanswered(ILogger logger, string route, string version, string operation, string outcome);
    }
}
