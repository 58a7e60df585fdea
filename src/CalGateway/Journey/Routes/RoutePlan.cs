using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>
/// A route of one revision as the stages need it: everything that can be decided once is decided when it is made, and travels with the
/// request as endpoint metadata. What belongs to one room is that room's part.
/// </summary>
internal sealed class RoutePlan
{
    private readonly Parts<RoutePlan> _parts = new();

    /// <param name="route">As YARP read it.</param>
    /// <param name="revision">The revision that it belongs to.</param>
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

    /// <summary>The revision's id, as the response header has it.</summary>
    public StringValues Revision { get; }

    /// <summary>The pinned <c>cal-api-version</c>; empty for a route that pins none.</summary>
    public StringValues ApiVersion { get; }

    /// <summary>A caller's own version may stand in place of the pin: answers differ by the header.</summary>
    public bool TakesCallersVersion { get; }

    /// <summary>Whether the route has what signs for Cal.com: a pin of the version, the key in the query as API v1 wants it, or the callers' own tokens.</summary>
    public bool Signs { get; set; }

    /// <summary>How the upstream is called in what people read.</summary>
    public string UpstreamName { get; }

    /// <summary>How long a caller waits in all; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; }

    /// <summary>How large a request's body may be.</summary>
    public BodyLimit Body { get; }

    /// <summary>What the file makes of the headers of answers.</summary>
    public HeaderEdits Edits { get; }

    /// <summary>What a room has decided about the route; null where it has no part in it.</summary>
    public T? Part<T>()
        where T : class => _parts.Find<T>();

    /// <summary>Adds a room's part, while the plan is made.</summary>
    public RoutePlan With<T>(T? part)
        where T : class
    {
        _parts.Put(part);
        return this;
    }
}
