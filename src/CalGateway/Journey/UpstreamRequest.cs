using CalGateway.Journey.Routes;

namespace CalGateway.Journey;

/// <summary>A request that was sent to Cal.com.</summary>
/// <param name="Plan">The route that it was sent for.</param>
/// <param name="Method">In the words of the conventions.</param>
/// <param name="Destination">The base URL that it was sent to.</param>
/// <param name="At">The moment, as a timestamp of the clock.</param>
internal readonly record struct UpstreamRequest(RoutePlan Plan, string Method, string Destination, long At);
