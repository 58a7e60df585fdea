using CalGateway.Caching.Filling.Answers;
using CalGateway.Caching.Store;
using CalGateway.Problems;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Caching.Filling;

/// <summary>How a fill ended. Everybody who waited for it gets the same result.</summary>
internal abstract record FillResult
{
    private FillResult()
    {
    }

    /// <summary>The gateway itself failed; the log has the reason.</summary>
    public static Failed OfBug { get; } = new(AnswerClass.Outage, new Exchange
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

    /// <summary>When the fill ended, as a timestamp of the clock.</summary>
    public long At { get; init; }

    /// <summary>Cal.com was not asked: another gateway, or a fill that ended a moment ago, had already stored the answer.</summary>
    public sealed record Found(StoredAnswer Answer) : FillResult;

    /// <summary>A request for Cal.com was made.</summary>
    public abstract record FromUpstream(Exchange Exchange) : FillResult;

    /// <summary>The answer was stored: it is new, or confirms what was stored before.</summary>
    public sealed record Filled(StoredAnswer Answer, Exchange Exchange) : FromUpstream(Exchange);

    /// <summary>A complete answer that may not be stored. It is for the requests that waited; the next request asks again.</summary>
    public sealed record NotStorable(Exchange Exchange) : FromUpstream(Exchange);

    /// <summary>There was no memory for the body. Each request that waited is forwarded by itself.</summary>
    public sealed record NoMemory(Exchange Exchange) : FromUpstream(Exchange);

    /// <summary>There is nothing to store. The requests that follow get the same result for a while (<see cref="FailureMemory"/>).</summary>
    public sealed record Failed(AnswerClass Kind, Exchange Exchange) : FromUpstream(Exchange);
}
