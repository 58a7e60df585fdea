using CalGateway.Caching.Entries;
using CalGateway.Problems;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Filling;

/// <summary>What everybody who waited for a flight is told.</summary>
/// <param name="Verdict">What Cal.com's answer was taken for.</param>
/// <param name="Answer">What is to be served, where there is something: just stored, or confirmed.</param>
/// <param name="Exchange">What was said between us; null where another gateway had asked already.</param>
internal sealed record FlightResult(Verdict Verdict, StoredAnswer? Answer, Exchange? Exchange)
{
    /// <summary>The gateway itself has failed; the log says of what.</summary>
    public static FlightResult OfBug { get; } = new(Verdict.Outage, null, new Exchange
    {
        Status = StatusCodes.Status500InternalServerError,
        Headers = new Dictionary<string, StringValues>(),
        Body = [],
        Problem = GatewayProblem.Of(
            ProblemTypes.InternalError, "The gateway failed over this request. Its log holds the reason under the trace id."),
        IsTooLarge = false,
        SentApiVersion = null,
        UpstreamRequestId = null,
    });

    /// <summary>When it was known, as a timestamp of the clock.</summary>
    public long At { get; init; }

    /// <summary>It was evicted while it was under way, or the table has no room for it: it was true, and is not stored.</summary>
    public bool IsStored => Answer is { IsGone: false };

    /// <summary>Those who ask next are told of it as well, for a while.</summary>
    public bool IsFailure => Answer is null && Verdict is not (Verdict.NotToBeStored or Verdict.NoRoom);

    /// <summary>For how long Cal.com wants not to be asked again; null where it did not say.</summary>
    public TimeSpan? RetryAfter => Exchange?.RetryAfter;

    /// <summary>As <c>Cache-Status</c> tells it; null where there was no answer at all.</summary>
    public int? UpstreamStatus => Exchange is null ? null : Exchange.Problem is { } problem ? problem.Upstream?.Status : Exchange.Status;
}
