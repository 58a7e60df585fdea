using CalGateway.CalCom;
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

    /// <summary>Cal.com fails, or what came is unusable: something stored is better.</summary>
    Outage,

    /// <summary>A plain refusal, or something that may not be stored: it is the answer, and what is stored is over.</summary>
    Final,
}

/// <summary>What is to be made of an exchange, for an answer that is asked for in order to be stored.</summary>
internal static class Judge
{
    public static Verdict Of(Exchange exchange, bool asksIfChanged)
    {
        if (exchange.IsTooLarge && UpstreamStatus.IsFailure(exchange.Problem?.Upstream?.Status))
            return Verdict.Outage;
        if (exchange is { IsTooLarge: true, Problem: null or { Upstream: null } })
            return Verdict.TooLarge;
        if (exchange.Problem is { } problem)
            return problem.Upstream is null && problem.Status >= 502 ? Verdict.Outage : Verdict.Final;
        if (exchange.Status == StatusCodes.Status304NotModified && asksIfChanged)
            return Verdict.Unchanged;
        if (UpstreamStatus.IsFailure(exchange.Status))
            return Verdict.Outage;
        if (exchange.Status != StatusCodes.Status200OK || exchange.IsLegacyShape || IsForbidden(exchange))
            return Verdict.Final;

        return AnswerShape.IsEmptySuccess(exchange.Body) switch
        {
            _ when !IsPlainJson(exchange) => Verdict.Outage,
            null => Verdict.Outage,
            true => Verdict.StoreEmpty,
            false => Verdict.Store,
        };
    }

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

    private static bool HasItem(StringValues list, string item)
    {
        foreach (var line in list)
        {
            var text = line.AsSpan();
            foreach (var range in text.Split(','))
            {
                if (text[range].Trim().Equals(item, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }

        return false;
    }
}
