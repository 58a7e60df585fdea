using System.Globalization;
using CalGateway.Caching.Filling;
using CalGateway.Journey;

namespace CalGateway.Caching.Serving;

/// <summary>The values of <c>Cache-Status</c> (RFC 9211).</summary>
internal static class CacheStatus
{
    // Why a stored answer was not used.
    public const string UriMiss = "uri-miss";
    public const string Stale = "stale";
    public const string Request = "request";

    /// <summary>A detail: no further fill may be started.</summary>
    public const string Busy = "busy";

    /// <summary>A detail: the answer is larger than may be stored.</summary>
    public const string TooLarge = "too-large";

    /// <summary>Neither a hit nor forwarded: the caller asked only for a stored answer, and there is none.</summary>
    public const string NotAsked = "CalGateway; detail=only-if-cached";

    /// <param name="secondsLeft">For how long the answer is still fresh; negative for a stale one.</param>
    public static string Hit(long secondsLeft) => string.Create(CultureInfo.InvariantCulture, $"CalGateway; hit; ttl={secondsLeft}");

    /// <inheritdoc cref="CacheOutcome.WhileBusy"/>
    public static string HitWhileBusy(long secondsLeft) => $"{Hit(secondsLeft)}; detail={Busy}";

    /// <inheritdoc cref="CacheOutcome.Busy"/>
    public const string RefusedAsBusy = $"CalGateway; detail={Busy}";

    /// <param name="detail">A token of RFC 9651: letters, digits and hyphens.</param>
    public static string Bypass(string detail) => $"CalGateway; fwd=bypass; detail={detail}";

    public static string Of(CacheOutcome.FromFill outcome) =>
        Forwarded(outcome.Why, outcome.Why == UriMiss ? null : outcome.Filled.Exchange.UpstreamStatus, outcome.How, isStored: !outcome.Filled.Answer.IsGone);

    public static string Of(CacheOutcome.PassedOn outcome) => outcome switch
    {
        { How: CacheResult.Remembered } => GatewayCall.RememberedStatus,
        { Result.Exchange: { IsRefused: true, Problem.Code: var why } } => GatewayCall.RefusedStatus(why),
        _ => Forwarded(outcome.Why, outcome.Result.Exchange.UpstreamStatus, outcome.How, isStored: false),
    };

    /// <inheritdoc cref="Hit"/>
    public static string Of(CacheOutcome.InsteadOfFailure outcome, long secondsLeft) =>
        InsteadOfForwarded(outcome.Why, outcome.Failure.Exchange.UpstreamStatus, outcome.How, secondsLeft, DetailOf(outcome.Failure, outcome.How));

    /// <inheritdoc cref="Hit"/>
    public static string Of(CacheOutcome.WhileSlow outcome, long secondsLeft) =>
        InsteadOfForwarded(outcome.Why, upstream: null, outcome.How, secondsLeft, "slow");

    private static string InsteadOfForwarded(string why, int? upstream, CacheResult how, long secondsLeft, string? detail)
    {
        // A "uri-miss" with an answer to serve: the fill has found the stale answer of another gateway in Redis.
        var reason = why == UriMiss ? Stale : why;
        var collapsed = how == CacheResult.Collapsed ? "; collapsed" : "";
        return $"CalGateway; fwd={reason}{StatusOf(upstream)}{collapsed}; ttl={Number(secondsLeft)}{(detail is null ? "" : $"; detail={detail}")}";
    }

    private static string Forwarded(string why, int? upstream, CacheResult how, bool isStored)
    {
        var what = how != CacheResult.Miss ? "; collapsed" : isStored ? "; stored" : "";
        return $"CalGateway; fwd={why}{StatusOf(upstream)}{what}";
    }

    private static string? DetailOf(FillResult.Failed failure, CacheResult how)
    {
        if (failure.Exchange.Problem is { Upstream.Status: StatusCodes.Status429TooManyRequests })
            return null; // fwd-status says it
        if (failure.Exchange.Problem?.Code is { } code)
            return code;
        return how == CacheResult.Remembered ? "remembered" : failure.Exchange.UpstreamStatus is null ? "unusable" : null;
    }

    private static string StatusOf(int? upstream) => upstream is { } status ? $"; fwd-status={Number(status)}" : "";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
