using CalGateway.Telemetry.Durations;

namespace CalGateway.CalCom.Traffic;

/// <summary>What is kept of a route's requests to Cal.com. It belongs to the route's plan.</summary>
internal sealed class RouteUpstream
{
    /// <summary>Where the last one was tallied; a field, to be looked at and set by reference.</summary>
    public DurationTally<UpstreamKind>? LastSent;
}
