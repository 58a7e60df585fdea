using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Admission;

/// <summary>A request that asks for admission.</summary>
/// <param name="Key">The key that signs it; null for a request without a credential.</param>
/// <param name="Consumer">The name of the consumer that sends it; null for callers without a name, and for requests of the gateway's own.</param>
/// <param name="Share">The consumer's weight among the consumers of the same key; above 0.</param>
/// <param name="Destination">The base URL of the destination.</param>
/// <param name="MayWait">False if the request must be admitted or refused at once, for example because a stored answer can be served instead.</param>
/// <param name="IsRetry">True for the second attempt of a request.</param>
internal readonly record struct UpstreamDemand(RequestClass Class, Signature? Key, string? Consumer, double Share, string Destination, bool MayWait, bool IsRetry = false)
{
    /// <summary>A request of the gateway's own, which gets only what callers do not need.</summary>
    public static UpstreamDemand OfGateway(Signature? key, string destination, bool mayWait = false) => new(RequestClass.Curiosity, key, Consumer: null, Share: 1, destination, mayWait);
}
