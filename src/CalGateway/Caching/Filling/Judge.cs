using CalGateway.CalCom;
using CalGateway.Diagnosis;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Caching.Filling;

internal enum Verdict
{
    /// <summary>Complete and of the expected shape.</summary>
    Store,

    /// <summary>As <see cref="Store"/>, with nothing in it.</summary>
    StoreEmpty,

    /// <summary>What is stored already is still true.</summary>
    Unchanged,

    /// <summary>Longer than what is stored.</summary>
    TooLarge,

    /// <summary>Not kept, for want of memory: each who waited is sent it as it comes.</summary>
    NoRoom,

    /// <summary>Cal.com fails, or what came is unusable or not Cal.com's: something stored is better.</summary>
    Outage,

    /// <summary>A complete answer that may not be stored: it is for those who waited for it, and the next who asks has Cal.com asked.</summary>
    NotToBeStored,

    /// <summary>Cal.com's own error about the request, which says nothing of what is stored.</summary>
    Error,

    /// <summary>Cal.com's own refusal of the request: it is the answer, and what is stored is over.</summary>
    Refusal,
}

/// <summary>What is to be made of an exchange, for an answer that is asked for in order to be stored.</summary>
internal static class Judge
{
    /// <summary>Cal.com's own status for an OAuth token that has expired.</summary>
    private const int TokenExpired = 498;

    public static Verdict Of(Exchange exchange, bool asksIfChanged)
    {
        if (exchange.HasFoundNoRoom)
            return Verdict.NoRoom;
        if (exchange is { IsTooLarge: true, Problem: null or { Upstream: null } })
            return Verdict.TooLarge;
        if (exchange.Problem is { } problem)
            return problem.Upstream is { IsCalComs: true } upstream ? OfError(upstream.Status) : Verdict.Outage;
        if (exchange.Status == StatusCodes.Status304NotModified && asksIfChanged)
            return Verdict.Unchanged;
        if (exchange.Status != StatusCodes.Status200OK)
            return CalComError.IsIn(exchange.Body) ? OfError(exchange.Status) : Verdict.Outage;
        if (AnswerShape.IsEmptySuccess(exchange.Body) is not { } isEmpty || !IsPlainJson(exchange))
            return exchange.IsLegacyShape ? Verdict.NotToBeStored : Verdict.Outage;
        if (exchange.IsLegacyShape || IsForbidden(exchange))
            return Verdict.NotToBeStored;

        return isEmpty ? Verdict.StoreEmpty : Verdict.Store;
    }

    /// <summary>Of what Cal.com says itself and completely. A 408 and a 429 are about the moment, and not about what was asked for.</summary>
    private static Verdict OfError(int status) => status switch
    {
        StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound or StatusCodes.Status410Gone
            or TokenExpired => Verdict.Refusal,
        StatusCodes.Status408RequestTimeout => Verdict.Outage,
        >= 400 when !UpstreamStatus.IsFailure(status) => Verdict.Error,
        _ => Verdict.Outage,
    };

    /// <summary>
    /// Age and max-age of Cal.com's are not looked at: for how long is the operator's to say. A Vary by what the detached
    /// request always sends alike is no matter; one by everything is.
    /// </summary>
    private static bool IsForbidden(Exchange exchange) =>
        HasItem(exchange[HeaderNames.Vary], "*")
        || HasItem(exchange[HeaderNames.CacheControl], "no-store")
        || HasItem(exchange[HeaderNames.CacheControl], "private");

    private static bool IsPlainJson(Exchange exchange) =>
        exchange[HeaderNames.ContentType].ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
        && exchange[HeaderNames.ContentEncoding].Count == 0;

    /// <summary>An item with a value, as in <c>private="Set-Cookie"</c>, counts as one without, and a semicolon as a comma: the stricter reading.</summary>
    private static bool HasItem(StringValues list, string item)
    {
        foreach (var line in list)
        {
            var text = line.AsSpan();
            foreach (var range in text.SplitAny(',', ';'))
            {
                var part = text[range].Trim();
                var end = part.IndexOf('=');
                if ((end < 0 ? part : part[..end]).TrimEnd().Equals(item, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
