using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Configuration;

/// <summary>
/// Writes the revision's id into the metadata of each route. YARP keeps the endpoint of a route that did not change, and with it the plan of an older
/// revision; the stamp makes every route of a new revision a changed one.
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

    /// <summary>The route without policies and limits, which its plan has: YARP would look for the policies among those registered at start.</summary>
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
