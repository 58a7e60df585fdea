using CalGateway.Caching.Filling;
using CalGateway.Caching.Store;
using CalGateway.Journey;

namespace CalGateway.Caching.Serving;

/// <summary>What the cache does for a request: a case for each way to answer it.</summary>
internal abstract record CacheOutcome
{
    private CacheOutcome()
    {
    }

    /// <summary>A stored answer: a fresh one, or a stale one that is refreshed meanwhile.</summary>
    public sealed record FromStore(StoredAnswer Answer, CacheResult Result) : CacheOutcome;

    /// <summary>The answer of a fill.</summary>
    /// <param name="Filled">What the fill brought.</param>
    /// <param name="Why">Why what was stored did not do: a constant of <see cref="CacheStatus"/>.</param>
    /// <param name="How"><c>Miss</c> where this request started the fill, else <c>Collapsed</c> or <c>Remembered</c>.</param>
    public sealed record FromFill(FillResult.Filled Filled, string Why, CacheResult How) : CacheOutcome;

    /// <summary>A stale answer, because Cal.com fails or takes too long.</summary>
    /// <param name="Answer">What is stored.</param>
    /// <param name="Failure">Null where Cal.com takes too long.</param>
    /// <param name="Why">As for <see cref="FromFill"/>.</param>
    /// <param name="How">As for <see cref="FromFill"/>.</param>
    public sealed record InsteadOfFailure(StoredAnswer Answer, FillResult.Failed? Failure, string Why, CacheResult How) : CacheOutcome;

    /// <summary>A stored answer, because there are too many fills for another one.</summary>
    public sealed record WhileBusy(StoredAnswer Answer) : CacheOutcome;

    /// <summary>What a fill brought and may not be stored, as it came.</summary>
    /// <param name="Result">Holds when it was known.</param>
    /// <param name="Exchange">What Cal.com answered.</param>
    /// <param name="Why">As for <see cref="FromFill"/>.</param>
    /// <param name="How">As for <see cref="FromFill"/>.</param>
    public sealed record PassedOn(FillResult Result, Exchange Exchange, string Why, CacheResult How) : CacheOutcome;

    /// <summary>The request is forwarded by itself, past the cache.</summary>
    public sealed record Bypass(string Detail) : CacheOutcome;

    /// <summary>Nothing is stored, and the caller wants only what is.</summary>
    public sealed record NotStored : CacheOutcome;

    /// <summary>What becomes of a request when its fill has ended.</summary>
    /// <param name="result">The fill's; null where it takes longer than the caller is to wait, which happens only where something is stored.</param>
    /// <param name="stored">What can be served where the fill failed; null for nothing.</param>
    /// <param name="why">As for <see cref="FromFill"/>.</param>
    /// <param name="how">As for <see cref="FromFill"/>.</param>
    public static CacheOutcome Of(FillResult? result, StoredAnswer? stored, string why, CacheResult how) => result switch
    {
        null => new InsteadOfFailure(stored!, null, why, how),
        FillResult.Found found => new FromStore(found.Answer, CacheResult.Hit),
        FillResult.Filled filled => new FromFill(filled, why, how),
        FillResult.NoMemory => OfBusy(stored),
        FillResult.Failed { Kind: FailureKind.Outage or FailureKind.NotAdmitted or FailureKind.Error } failed when stored is not null => new InsteadOfFailure(stored, failed, why, how),
        FillResult.Failed { Kind: FailureKind.TooLarge } => new Bypass(CacheStatus.TooLarge),
        _ => new PassedOn(result, result.Said!, why, result.Said!.IsRemembered ? CacheResult.Remembered : how),
    };

    /// <summary>What becomes of a request for which no fill can be started, or whose fill had no memory.</summary>
    public static CacheOutcome OfBusy(StoredAnswer? stored) => stored is null ? new Bypass(CacheStatus.Busy) : new WhileBusy(stored);
}
