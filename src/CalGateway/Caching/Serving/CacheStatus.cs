using System.Globalization;
using CalGateway.Caching.Filling;
using CalGateway.Journey;

namespace CalGateway.Caching.Serving;

/// <summary>The values of <c>Cache-Status</c> (RFC 9211).</summary>
internal static class CacheStatus
{
    /// <summary>Why what was stored did not do.</summary>
    public const string UriMiss = "uri-miss";
    public const string Stale = "stale";
    public const string Request = "request";

    /// <summary>A detail: there are too many fills for another one.</summary>
    public const string Busy = "busy";

    /// <summary>A detail: the answer is longer than may be stored.</summary>
    public const string TooLarge = "too-large";

    /// <summary>Neither a hit nor forwarded, as the caller wished.</summary>
    public const string NotAsked = "CalGateway; detail=only-if-cached";

    /// <param name="secondsLeft">For how long the answer is still fresh; negative where it is stale.</param>
    public static string Hit(long secondsLeft) => string.Create(CultureInfo.InvariantCulture, $"CalGateway; hit; ttl={secondsLeft}");

    /// <inheritdoc cref="CacheOutcome.WhileBusy"/>
    public static string HitWhileBusy(long secondsLeft) => $"{Hit(secondsLeft)}; detail={Busy}";

    /// <param name="detail">A token of RFC 9651: letters, digits and hyphens.</param>
    public static string Bypass(string detail) => $"CalGateway; fwd=bypass; detail={detail}";

    public static string Of(CacheOutcome.FromFill outcome) =>
        Forwarded(outcome.Why, outcome.Why == UriMiss ? null : outcome.Filled.Exchange.UpstreamStatus, outcome.How, isStored: !outcome.Filled.Answer.IsGone);

    public static string Of(CacheOutcome.PassedOn outcome) => outcome switch
    {
        { How: CacheResult.Remembered } => GatewayCall.RememberedStatus,
        { Exchange: { IsRefused: true, Problem.Code: var why } } => GatewayCall.RefusedStatus(why),
        _ => Forwarded(outcome.Why, outcome.Exchange.UpstreamStatus, outcome.How, isStored: false),
    };

    /// <param name="outcome">What is told.</param>
    /// <param name="secondsLeft">As for <see cref="Hit"/>.</param>
    public static string Of(CacheOutcome.InsteadOfFailure outcome, long secondsLeft)
    {
        var upstream = outcome.Failure?.Exchange.UpstreamStatus;
        var collapsed = outcome.How == CacheResult.Collapsed ? "; collapsed" : "";
        var detail = DetailOf(outcome.Failure, outcome.How);

        // Where nothing was stored here, another gateway's answer was found on the way.
        var why = outcome.Why == UriMiss ? Stale : outcome.Why;
        return $"CalGateway; fwd={why}{StatusOf(upstream)}{collapsed}; ttl={Number(secondsLeft)}{(detail is null ? "" : $"; detail={detail}")}";
    }

    private static string Forwarded(string why, int? upstream, CacheResult how, bool isStored)
    {
        var what = how != CacheResult.Miss ? "; collapsed" : isStored ? "; stored" : "";
        return $"CalGateway; fwd={why}{StatusOf(upstream)}{what}";
    }

    private static string? DetailOf(FillResult.Failed? failure, CacheResult how)
    {
        if (failure is null)
            return "slow";
        if (failure.Exchange.Problem is { Upstream.Status: StatusCodes.Status429TooManyRequests })
            return null; // fwd-status says it
        if (failure.Exchange.Problem?.Code is { } code)
            return code;
        return how == CacheResult.Remembered ? "remembered" : failure.Exchange.UpstreamStatus is null ? "unusable" : null;
    }

    private static string StatusOf(int? upstream) => upstream is { } status ? $"; fwd-status={Number(status)}" : "";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
