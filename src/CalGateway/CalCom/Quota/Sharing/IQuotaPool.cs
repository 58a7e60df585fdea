namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// What several gateways together have left of a key's window. Each gateway takes blocks of a few requests, so that not every forward needs a round trip. The
/// implementation with Redis is in <c>Caching/Store/Sharing</c>, because this folder must not depend on that one.
/// </summary>
internal interface IQuotaPool
{
    /// <summary>Whether gateways share anything at all.</summary>
    bool IsWanted { get; }

    /// <summary>Takes a block. Null if the pool does not answer; each gateway then uses its own part only.</summary>
    Task<QuotaBlock?> TakeAsync(QuotaClaim claim);
}

/// <summary>What one gateway asks the pool for.</summary>
/// <param name="Account">The name of the key in the pool. The key cannot be derived from it.</param>
/// <param name="Wanted">How many requests the gateway wants; 0 to exchange reports only.</param>
/// <param name="Kept">How many requests must be left in the pool afterwards.</param>
/// <param name="Limit">How many requests the key has in each window.</param>
/// <param name="EndsIn">The time until the window ends, as this gateway knows it; negative if it has just ended, null if it is not known.</param>
/// <param name="InFlight">This gateway's requests on their way, which may be counted in a window that begins now.</param>
/// <param name="Counted">Cal.com's count in this window, as the last answer to this gateway told it.</param>
/// <param name="Consumers">What this gateway reports of its consumers, as <see cref="ConsumerReport.Write"/> writes it.</param>
internal readonly record struct QuotaClaim(
    string Account, int Wanted, int Kept, int Limit, TimeSpan Window, TimeSpan? EndsIn, int InFlight, int Counted, string Consumers);

/// <summary>What the pool gives to one gateway.</summary>
/// <param name="Granted">How many requests this gateway may send in the window.</param>
/// <param name="Used">How many requests all gateways together have taken of the window.</param>
/// <param name="EndsIn">The time until the window ends.</param>
/// <param name="Gateways">How many gateways share the key.</param>
/// <param name="Others">What each of the other gateways reports of its consumers.</param>
internal readonly record struct QuotaBlock(int Granted, int Used, TimeSpan EndsIn, int Gateways, IReadOnlyList<string> Others);
