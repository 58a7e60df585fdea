using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Pulse;

namespace CalGateway.Telemetry;

/// <summary>Where a route's requests are counted, so that most need not look it up. It belongs to the route's plan.</summary>
internal sealed class RouteMeasurements
{
    /// <summary>The recent activity of the route, across revisions; found with the first request.</summary>
    public BeatRing<RouteBeat>? Recent { get; set; }

    /// <summary>Where its last request was tallied; a field, to be looked at and set by reference.</summary>
    public DurationTally<RequestKind>? LastRequest;
}
