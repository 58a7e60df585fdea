using CalGateway.CalCom;

namespace CalGateway.Caching.Plans;

/// <summary>
/// Whose answers a caller may be given: two callers share stored answers exactly if they have the same partition. It is
/// decided ahead of routing and is part of every key, and it is the only place that decides it.
/// </summary>
internal sealed class Partition(Credential credential)
{
    public string Of(HttpContext context) => credential.Fingerprint;
}
