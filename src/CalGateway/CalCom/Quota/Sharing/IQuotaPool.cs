namespace CalGateway.CalCom.Quota.Sharing;

/// <summary>
/// What several gateways have left together of a key's window. Each takes blocks of a few requests, so that a forward does not wait for it. Who keeps them stands
/// elsewhere: how we speak to Cal.com does not depend on it.
/// </summary>
internal interface IQuotaPool
{
    /// <summary>Whether gateways share anything at all.</summary>
    bool IsWanted { get; }

    /// <summary>Null where the pool does not answer: each gateway then keeps to its own part.</summary>
    Task<QuotaBlock?> TakeAsync(QuotaClaim claim);
}

/// <summary>What one gateway asks of the pool.</summary>
/// <param name="Account">The key's name, from which the key cannot be told.</param>
/// <param name="Wanted">How many requests; 0 to exchange reports only.</param>
/// <param name="Kept">How many must be left.</param>
/// <param name="Limit">Of the key, in each window.</param>
/// <param name="Window">The length of a window.</param>
/// <param name="EndsIn">As this gateway knows it; negative where the window has just ended, null where nothing is known.</param>
/// <param name="InFlight">Requests of this gateway that may be counted in a window that begins now.</param>
/// <param name="Counted">What Cal.com has counted in this window, as far as this gateway was told.</param>
/// <param name="Consumers">What this gateway's consumers asked for and got, as <see cref="ConsumerReport.Write"/> writes it.</param>
internal readonly record struct QuotaClaim(
    string Account, int Wanted, int Kept, int Limit, TimeSpan Window, TimeSpan? EndsIn, int InFlight, int Counted, string Consumers);

/// <summary>What the pool gives.</summary>
/// <param name="Granted">Requests that this gateway alone may send in the window.</param>
/// <param name="Used">Requests that all gateways together have taken of it.</param>
/// <param name="EndsIn">When there will be more.</param>
/// <param name="Gateways">How many share it.</param>
/// <param name="Others">What each of the other gateways reports of its consumers.</param>
internal readonly record struct QuotaBlock(int Granted, int Used, TimeSpan EndsIn, int Gateways, IReadOnlyList<string> Others);
