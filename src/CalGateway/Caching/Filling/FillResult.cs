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
    public static Failed OfBug { get; } = new(FailureKind.Outage, new Exchange
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

    /// <summary>What Cal.com was asked and answered; null where it was not asked.</summary>
    public virtual Exchange? Said => null;

    /// <summary>Cal.com was asked, and its answer may be stored: a new one, or a confirmation of what was stored before.</summary>
    public sealed record Filled(StoredAnswer Answer, Exchange Exchange) : FillResult
    {
        public override Exchange Said => Exchange;
    }

    /// <summary>Cal.com was not asked: another gateway, or a fill that ended a moment ago, had stored the answer already.</summary>
    public sealed record Found(StoredAnswer Answer) : FillResult;

    /// <summary>A complete answer that may not be stored. It is for those who waited; the next request asks again.</summary>
    public sealed record NotStorable(Exchange Exchange) : FillResult
    {
        public override Exchange Said => Exchange;
    }

    /// <summary>There was no memory to keep the body in. Each request that waited is forwarded by itself.</summary>
    public sealed record NoMemory(Exchange Exchange) : FillResult
    {
        public override Exchange Said => Exchange;
    }

    /// <summary>There is nothing to store. The requests that follow get the same result for a while (<see cref="FailureMemory"/>).</summary>
    public sealed record Failed(FailureKind Kind, Exchange Exchange) : FillResult
    {
        public override Exchange Said => Exchange;
    }
}

internal enum FailureKind
{
    /// <summary>Cal.com fails, or what came is unusable or not Cal.com's: a stored answer is better.</summary>
    Outage,

    /// <summary>The request was not let through to Cal.com, which has not failed: the next one may be.</summary>
    NotAdmitted,

    /// <summary>Cal.com's own error about the request, which says nothing about what is stored.</summary>
    Error,

    /// <summary>Cal.com refuses the request: that is the answer now, and what is stored is no longer true.</summary>
    Refusal,

    /// <summary>The body is longer than may be stored. Each request is forwarded by itself.</summary>
    TooLarge,
}
