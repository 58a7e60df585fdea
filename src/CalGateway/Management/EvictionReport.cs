namespace CalGateway.Management;

/// <summary>The result of <c>POST /cache/evict?tag=</c>.</summary>
/// <param name="Tag">The tag as it was given; several are separated by commas.</param>
/// <param name="Evicted">The number of answers that this gateway evicted. Other gateways that share the store evict theirs.</param>
internal sealed record EvictionReport(string Tag, int Evicted);
