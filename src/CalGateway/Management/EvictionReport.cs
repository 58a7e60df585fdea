namespace CalGateway.Management;

/// <summary>What <c>POST /cache/evict?tag=</c> did.</summary>
/// <param name="Tag">As it was given.</param>
/// <param name="Evicted">How many answers this gateway had under it; others that share the store evict theirs.</param>
internal sealed record EvictionReport(string Tag, int Evicted);
