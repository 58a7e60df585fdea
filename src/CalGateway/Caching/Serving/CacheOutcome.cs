using System.Diagnostics;
using CalGateway.Caching.Filling;
using CalGateway.Caching.Filling.Answers;
using CalGateway.Caching.Store;
using CalGateway.Journey;

namespace CalGateway.Caching.Serving;

/// <summary>What the cache does for a request: a case for each way to answer it.</summary>
internal abstract record CacheOutcome
{
    private CacheOutcome()
    {
    }

    /// <summary>A stored answer: a fresh one, or a stale one that is being refreshed in the background.</summary>
    public sealed record FromStore(StoredAnswer Answer, CacheResult Result) : CacheOutcome;

    /// <summary>The answer of a fill.</summary>
    /// <param name="Why">Why a stored answer was not used: a constant of <see cref="CacheStatus"/>.</param>
    /// <param name="How"><c>Miss</c> if this request started the fill, otherwise <c>Collapsed</c> or <c>Remembered</c>.</param>
    public sealed record FromFill(FillResult.Filled Filled, string Why, CacheResult How) : CacheOutcome;

    /// <summary>A stale answer, because Cal.com fails. The parameters are as for <see cref="FromFill"/>.</summary>
    public sealed record InsteadOfFailure(StoredAnswer Answer, FillResult.Failed Failure, string Why, CacheResult How) : CacheOutcome;

    /// <summary>A stale answer, because Cal.com takes too long. The parameters are as for <see cref="FromFill"/>.</summary>
    public sealed record WhileSlow(StoredAnswer Answer, string Why, CacheResult How) : CacheOutcome;

    /// <summary>A stored answer, because no further fill may be started.</summary>
    public sealed record WhileBusy(StoredAnswer Answer) : CacheOutcome;

    /// <summary>An answer that may not be stored, as Cal.com sent it. The parameters are as for <see cref="FromFill"/>.</summary>
    public sealed record PassedOn(FillResult.FromUpstream Result, string Why, CacheResult How) : CacheOutcome;

    /// <summary>A refusal: nothing is stored, no further fill may be started, and to forward the request without one would pass the limit by.</summary>
    public sealed record Busy : CacheOutcome;

    /// <summary>The request is forwarded by itself, without the cache.</summary>
    public sealed record Bypass(string Detail) : CacheOutcome;

    /// <summary>Nothing is stored, and the caller asked only for a stored answer.</summary>
    public sealed record NotStored : CacheOutcome;

    /// <summary>What becomes of a request when its fill has ended.</summary>
    /// <param name="stored">What can be served if the fill failed; null for nothing.</param>
    public static CacheOutcome Of(FillResult result, StoredAnswer? stored, string why, CacheResult how) => result switch
    {
        FillResult.Found found => new FromStore(found.Answer, CacheResult.Hit),
        FillResult.Filled filled => new FromFill(filled, why, how),
        FillResult.NoMemory => stored is null ? new Bypass(CacheStatus.Busy) : new WhileBusy(stored),
        FillResult.Failed { Kind: not (AnswerClass.TooLarge or AnswerClass.Refusal) } failed when stored is not null
            => new InsteadOfFailure(stored, failed, why, how),
        FillResult.Failed { Kind: AnswerClass.TooLarge } => new Bypass(CacheStatus.TooLarge),
        FillResult.FromUpstream other => new PassedOn(other, why, other.Exchange.IsRemembered ? CacheResult.Remembered : how),
        _ => throw new UnreachableException(),
    };

    /// <summary>What becomes of a request for which no fill can be started.</summary>
    public static CacheOutcome OfBusy(StoredAnswer? stored) => stored is null ? new Busy() : new WhileBusy(stored);
}
