using CalGateway.Journey.Routes;

namespace CalGateway.Journey;

/// <summary>A request that was sent to Cal.com.</summary>
/// <param name="Method">The method as OpenTelemetry's conventions name it.</param>
/// <param name="At">When it was sent, as a timestamp of the clock.</param>
internal readonly record struct UpstreamRequest(RoutePlan Plan, string Method, string Destination, long At);
