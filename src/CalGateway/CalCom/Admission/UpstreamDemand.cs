using CalGateway.Journey;
using CalGateway.Journey.Callers;

namespace CalGateway.CalCom.Admission;

/// <summary>A request that is about to be sent to Cal.com.</summary>
/// <param name="Class">What it is for.</param>
/// <param name="Key">What signs it; null for a request without a credential.</param>
/// <param name="Consumer">Whose it is; null for callers without a name, and for the gateway's own.</param>
/// <param name="Share">The consumer's weight against the others of the same key.</param>
/// <param name="Destination">The base URL that it goes to.</param>
/// <param name="MayWait">It may wait for a moment; otherwise it is admitted or refused at once, as where a stored answer can be served in its place.</param>
/// <param name="IsRetry">It was sent before, and got no answer worth the name.</param>
internal readonly record struct UpstreamDemand(RequestClass Class, Signature? Key, string? Consumer, double Share, string Destination, bool MayWait, bool IsRetry = false);
