using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>
/// What the stages need of one route of one revision. Everything that can be decided once is decided when the plan is made. It is the metadata of the
/// route's endpoint. What belongs to one folder is a part of the plan.
/// </summary>
internal sealed class RoutePlan(RouteConfig route, RevisionPlan revision) : Extensible<RoutePlan>
{
    public string RouteId { get; } = route.RouteId;

    /// <summary>The revision's id, ready for the response header.</summary>
    public StringValues Revision { get; } = revision.Id;

    /// <summary>The pinned <c>cal-api-version</c>; empty for a route without a pin.</summary>
    public StringValues ApiVersion { get; } = ApiVersionPin.Of(route)?.Version;

    /// <summary>A caller's own version may be used instead of the pin, so that answers vary by this header.</summary>
    public bool TakesCallersVersion { get; } = ApiVersionPin.Of(route) is { TakesCallers: true };

    /// <summary>Whether the route signs requests: it has a version pin, the key in the query for API v1, or the callers' own tokens.</summary>
    public bool Signs { get; set; }

    /// <summary>The name of the upstream in messages.</summary>
    public string UpstreamName { get; } = CalComCluster.NameOf(route);

    /// <summary>The base URLs of the upstream. Empty until the folder that knows clusters has set it.</summary>
    public string UpstreamAddresses { get; set; } = "";

    /// <summary>How long a caller waits in total; null for no limit.</summary>
    public TimeSpan? Timeout { get; } = route.Timeout;

    public BodyLimit Body { get; } = revision.Body.On(route);

    /// <summary>How the file's transforms edit the headers of answers.</summary>
    public HeaderEdits Edits { get; } = new(route);
}
