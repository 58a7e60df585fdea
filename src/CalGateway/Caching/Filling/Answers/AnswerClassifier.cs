using CalGateway.CalCom;
using CalGateway.Diagnosis;
using CalGateway.Journey;
using CalGateway.Problems;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling.Answers;

/// <summary>The kinds of answers to a fill: whether they may be stored and, if not, why.</summary>
internal enum AnswerClass
{
    /// <summary>Complete and of the expected shape.</summary>
    Storable,

    /// <summary>As <see cref="Storable"/>, and an empty list.</summary>
    StorableEmpty,

    /// <summary>The stored answer is still valid.</summary>
    Unchanged,

    /// <summary>A complete answer that may not be stored.</summary>
    NotStorable,

    /// <summary>There was no memory for the body.</summary>
    NoMemory,

    /// <summary>The body is larger than may be stored. Each request is forwarded by itself.</summary>
    TooLarge,

    /// <summary>Cal.com fails, or sends something unusable, or the answer is not Cal.com's. A stored answer is better.</summary>
    Outage,

    /// <summary>The request was not let through to Cal.com. That is no failure of Cal.com's, and the next request may be let through.</summary>
    NotAdmitted,

    /// <summary>Cal.com reports an error in this request. It says nothing about what is stored.</summary>
    Error,

    /// <summary>Cal.com refuses the request. The refusal is the answer now, and the stored answer is no longer valid.</summary>
    Refusal,
}

/// <summary>Decides which answers may be stored.</summary>
internal static class AnswerClassifier
{
    /// <param name="asksIfChanged">The fill asked whether the stored answer has changed.</param>
    public static AnswerClass Classify(Exchange exchange, bool asksIfChanged)
    {
        if (exchange.IsRefused)
            return AnswerClass.NotAdmitted;
        if (exchange.HasFoundNoMemory)
            return AnswerClass.NoMemory;
        if (exchange is { IsTooLarge: true, Problem: null or { Upstream: null } })
            return AnswerClass.TooLarge;
        if (exchange.Problem is { } problem)
            return problem.Upstream is { IsCalComs: true } upstream ? OfError(upstream.Status) : AnswerClass.Outage;
        if (exchange.Status == StatusCodes.Status304NotModified && asksIfChanged)
            return AnswerClass.Unchanged;
        if (exchange.Status != StatusCodes.Status200OK)
            return UpstreamError.IsIn(exchange.Body) ? OfError(exchange.Status) : AnswerClass.Outage;
        if (SuccessBody.IsEmptySuccess(exchange.Body) is not { } isEmpty || !IsPlainJson(exchange))
            return exchange.IsLegacyShape ? AnswerClass.NotStorable : AnswerClass.Outage;
        if (exchange.IsLegacyShape || ForbidsStoring(exchange))
            return AnswerClass.NotStorable;

        return isEmpty ? AnswerClass.StorableEmpty : AnswerClass.Storable;
    }

    /// <summary>Classifies a complete error of Cal.com's. A 408 and a 429 say nothing about the list that was asked for.</summary>
    private static AnswerClass OfError(int status) => status switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound or StatusCodes.Status410Gone
            or GatewayProblem.TokenExpired => AnswerClass.Refusal,
        StatusCodes.Status408RequestTimeout => AnswerClass.Outage,
        >= 400 when !UpstreamStatus.IsFailure(status) => AnswerClass.Error,
        _ => AnswerClass.Outage,
    };

    /// <summary>
    /// Cal.com's Age and max-age are ignored, because the operator decides for how long an answer is served. A Vary by request headers is ignored, too, because
    /// every fill sends the same headers; <c>Vary: *</c> forbids storing.
    /// </summary>
    private static bool ForbidsStoring(Exchange exchange) =>
        HeaderList.Has(exchange[HeaderNames.Vary], "*")
        || HeaderList.Has(exchange[HeaderNames.CacheControl], "no-store")
        || HeaderList.Has(exchange[HeaderNames.CacheControl], "private");

    private static bool IsPlainJson(Exchange exchange) =>
        exchange[HeaderNames.ContentType].ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
        && exchange[HeaderNames.ContentEncoding].Count == 0;
}
