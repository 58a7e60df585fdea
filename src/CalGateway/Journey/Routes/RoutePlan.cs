using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>
/// What the stages need of one route of one revision. Everything that can be decided once is decided when the plan is made. It is the metadata of the
/// route's endpoint. What belongs to one folder is a part of the plan.
/// </summary>
internal sealed class RoutePlan : Extensible<RoutePlan>
{
    public RoutePlan(RouteConfig route, RevisionPlan revision)
    {
        var pin = ApiVersionPin.Of(route);
        RouteId = route.RouteId;
        Revision = revision.Id;
        ApiVersion = pin?.Version;
        TakesCallersVersion = pin is { TakesCallers: true };
        UpstreamName = CalComCluster.NameOf(route);
        Timeout = route.Timeout;
        Body = revision.Body.On(route);
        Edits = HeaderEdits.Of(route);
    }

    public string RouteId { get; }

    /// <summary>The revision's id, ready for the response header.</summary>
    public StringValues Revision { get; }

    /// <summary>The pinned <c>cal-api-version</c>; empty for a route without a pin.</summary>
    public StringValues ApiVersion { get; }

    /// <summary>A caller's own version may be used instead of the pin, so that answers vary by this header.</summary>
    public bool TakesCallersVersion { get; }

    /// <summary>Whether the route signs requests: it has a version pin, the key in the query for API v1, or the callers' own tokens.</summary>
    public bool Signs { get; set; }

    /// <summary>The name of the upstream in messages.</summary>
    public string UpstreamName { get; }

    /// <summary>The base URLs of the upstream. Empty until the folder that knows clusters has set it.</summary>
    public string UpstreamAddresses { get; set; } = "";

    /// <summary>How long a caller waits in total; null for no limit.</summary>
    public TimeSpan? Timeout { get; }

    public BodyLimit Body { get; }

    /// <summary>How the file's transforms edit the headers of answers.</summary>
    public HeaderEdits Edits { get; }
}
