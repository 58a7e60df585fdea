using System.Globalization;
using CalGateway.Caching.Filling;
using CalGateway.Journey;

namespace CalGateway.Caching.Serving;

/// <summary>The values of <c>Cache-Status</c> (RFC 9211) under our name.</summary>
internal static class CacheStatus
{
    /// <param name="secondsLeft">For how long it is still fresh; negative where it is stale and being refreshed.</param>
    public static string Hit(long secondsLeft) => string.Create(CultureInfo.InvariantCulture, $"CalGateway; hit; ttl={secondsLeft}");

    /// <param name="detail">A token of RFC 9651: letters, digits and hyphens.</param>
    public static string Bypass(string detail) => $"CalGateway; fwd=bypass; detail={detail}";

    /// <summary>Answered with what a flight brought.</summary>
    /// <param name="why">Why what was stored did not do: <c>uri-miss</c>, <c>stale</c> or <c>request</c>.</param>
    /// <param name="result">The flight's.</param>
    /// <param name="isOwn">It was this request that started the flight.</param>
    public static string Forwarded(string why, FlightResult result, bool isOwn)
    {
        var status = why == UriMiss && result.Answer is not null || result.UpstreamStatus is not { } upstream ? "" : $"; fwd-status={Number(upstream)}";
        var what = !isOwn ? "; collapsed" : result.IsStored ? "; stored" : "";
        return $"CalGateway; fwd={why}{status}{what}";
    }

    /// <summary>Answered with what was stored, because Cal.com fails or takes too long.</summary>
    /// <param name="why">Why it was asked.</param>
    /// <param name="result">The flight's; null where it takes too long.</param>
    /// <param name="isOwn">It was this request that started the flight.</param>
    /// <param name="isRemembered">The failure is one of a moment ago: nothing was under way.</param>
    /// <param name="secondsLeft">As for <see cref="Hit"/>.</param>
    public static string InItsPlace(string why, FlightResult? result, bool isOwn, bool isRemembered, long secondsLeft)
    {
        var status = result?.UpstreamStatus is { } upstream ? $"; fwd-status={Number(upstream)}" : "";
        var collapsed = isOwn || isRemembered ? "" : "; collapsed";
        var detail = result is null ? "slow" : result.Exchange?.Problem?.Code ?? (isRemembered ? "remembered" : status.Length > 0 ? null : "unusable");
        return $"CalGateway; fwd={WhyNot(why)}{status}{collapsed}; ttl={Number(secondsLeft)}{(detail is null ? "" : $"; detail={detail}")}";
    }

    /// <summary>As a hit, because too many lists are being fetched for another.</summary>
    public static string HitWhileBusy(long secondsLeft) => $"{Hit(secondsLeft)}; detail={Busy}";

    /// <summary>Neither a hit nor forwarded, as the caller wished.</summary>
    public const string NotAsked = "CalGateway; detail=only-if-cached";

    /// <summary>Neither a hit nor forwarded: a refusal or failure of a moment ago, given again.</summary>
    public const string Remembered = GatewayCall.RememberedStatus;

    /// <summary>Too many lists are being fetched.</summary>
    public const string Busy = "busy";

    public const string UriMiss = "uri-miss";
    public const string Stale = "stale";
    public const string Request = "request";

    /// <summary>Nothing was stored here, but another gateway's was found on the way.</summary>
    private static string WhyNot(string why) => why == UriMiss ? Stale : why;

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
