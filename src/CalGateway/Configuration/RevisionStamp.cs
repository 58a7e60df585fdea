using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// Writes the revision into each route's metadata. YARP keeps the endpoint of a route that did not change;
/// the stamp makes every route of a new revision a changed one, so that route, plan and revision never disagree.
/// </summary>
internal static class RevisionStamp
{
    private const string Key = "CalGateway.Revision";

    public static RouteConfig On(RouteConfig route, string revision)
    {
        var metadata = route.Metadata is null ? [] : new Dictionary<string, string>(route.Metadata);
        metadata[Key] = revision;

        return Unresolved(route) with { Metadata = metadata };
    }

    /// <summary>
    /// Without the policies' names, which the plan has resolved and YARP would look up among policies that are fixed at start, and without the limits, which
    /// the plan knows.
    /// </summary>
    public static RouteConfig Unresolved(RouteConfig route) => route with
    {
        OutputCachePolicy = null,
        AuthorizationPolicy = null,
        Timeout = null,
        TimeoutPolicy = null,
        MaxRequestBodySize = null,
    };

    public static string Read(RouteConfig route) => route.Metadata![Key];
}
