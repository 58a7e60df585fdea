using CalGateway.Access;
using CalGateway.Caching.Plans;
using CalGateway.CalCom;
using CalGateway.CalCom.Traffic;
using CalGateway.Diagnosis;
using CalGateway.Diagnosis.Shape;
using CalGateway.Journey;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Pulse;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// A route of one revision as the stages need it: everything that can be decided once is decided here,
/// and travels with the request as endpoint metadata.
/// </summary>
internal sealed class RoutePlan
{
    public required string RouteId { get; init; }

    /// <summary>The revision's id, as the response header has it.</summary>
    public required StringValues Revision { get; init; }

    /// <summary>The pinned <c>cal-api-version</c>; empty for a route that pins none.</summary>
    public required StringValues ApiVersion { get; init; }

    /// <summary>A caller's own version may stand in place of the pin: answers differ by the header.</summary>
    public required bool TakesCallersVersion { get; init; }

    /// <summary>Which upstream 404s become the diagnostic 502.</summary>
    public required CalNotFound NotFound { get; init; }

    /// <summary>Who may ask what here.</summary>
    public required RouteAccess Access { get; init; }

    /// <summary>Whether answers come in the shape of the pinned version; null where Cal.com has only one shape for what the route gets.</summary>
    public required ShapeWatch? Shape { get; init; }

    /// <summary>How the upstream is called in what people read.</summary>
    public required string UpstreamName { get; init; }

    /// <summary>How long a caller waits in all; null for as long as it takes.</summary>
    public required TimeSpan? Timeout { get; init; }

    /// <summary>How large a request's body may be.</summary>
    public required BodyLimit Body { get; init; }

    /// <summary>What the file makes of the headers of answers.</summary>
    public required HeaderEdits Edits { get; init; }

    /// <summary>How answers are cached; null for a route without <c>OutputCachePolicy</c>.</summary>
    public required CachePlan? Cache { get; init; }

    /// <summary>Which stored answers a write makes untrue, whatever route it takes.</summary>
    public required WriteRules Writes { get; init; }

    /// <summary>Where its requests are counted, across revisions; found with the first.</summary>
    public BeatRing<RouteBeat>? Pulse { get; set; }

    /// <summary>Where its last request was tallied; a field, to be looked at and set by reference.</summary>
    public DurationTally<RequestKind>? LastRequest;

    /// <summary>Where the last that was sent to Cal.com for it was.</summary>
    public DurationTally<UpstreamKind>? LastSent;

    /// <summary>How long a caller waits for a newer answer where a stale one could be given: it is better than none at the end of the route's time.</summary>
    public TimeSpan PatienceOf(CachePlan cache) => Timeout is { } most && most * 0.8 < cache.Limits.Patience ? most * 0.8 : cache.Limits.Patience;

    /// <param name="route">As YARP read it.</param>
    /// <param name="revision">The revision's id.</param>
    /// <param name="settings">All settings in force.</param>
    /// <param name="cache">The cache's.</param>
    /// <param name="writes">The revision's.</param>
    /// <param name="access">Who may ask what here.</param>
    /// <param name="shape">Whether the shape of answers is watched.</param>
    public static RoutePlan From(
        RouteConfig route, string revision, EffectiveSettings settings, CacheOptions cache, WriteRules writes, RouteAccess access,
        ShapeWatch? shape) => new()
    {
        RouteId = route.RouteId,
        Revision = revision,
        ApiVersion = CalApiVersionTransformFactory.PinOf(route)?.Version,
        TakesCallersVersion = CalApiVersionTransformFactory.PinOf(route) is { TakesCallers: true },
        NotFound = CalNotFoundTransformFactory.ModeOf(route),
        UpstreamName = CalComCluster.NameOf(route),
        Timeout = route.Timeout,
        Body = BodyLimit.Of(route, access.Plan),
        Edits = HeaderEdits.Of(route),
        Access = access,
        Shape = shape,
        Cache = CachePlan.From(route, RouteIdentity.Of(route, settings), cache),
        Writes = writes,
    };
}
