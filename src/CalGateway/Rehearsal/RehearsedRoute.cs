using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Pins;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Rehearsal;

/// <summary>A route and the version with which its pin is compared.</summary>
/// <param name="Version">The other version.</param>
internal sealed record RehearsedRoute(string Route, string Pinned, string Version, IReadOnlyList<Operation> Operations)
{
    private const int MaxVersionLength = 32;

    public const string InvalidVersion = "A version is sent in a header: letters, digits and signs without blanks, as in 2026-02-25.";

    /// <summary>Whether the text can be sent as a version. It need not be a known one.</summary>
    public static bool IsVersion(string? text) => text is { Length: > 0 and <= MaxVersionLength } && text.All(character => character is > ' ' and < '\x7f');

    /// <summary>Null where the revision has no such route.</summary>
    public static RouteConfig? Find(Revision revision, string route) =>
        revision.Routes.FirstOrDefault(config => config.RouteId.Equals(route, StringComparison.OrdinalIgnoreCase));

    /// <summary>Null where the route cannot be rehearsed; <paramref name="why"/> says why.</summary>
    public static RehearsedRoute? Of(Revision revision, RouteConfig route, string version, out string why)
    {
        why = "";
        if (!CalComCluster.IsTargetOf(route))
            why = "it does not go to Cal.com";
        else if (CalCredentialTransformFactory.IsCallers(route))
            why = "it is asked with its callers' own tokens, and the gateway has none of its own for it";
        else if (ApiVersionPin.Of(route) is not { } pin)
            why = "it pins no version";
        else if (revision.Get<AssignedOperations>().Of(route) is not { Count: > 0 } operations)
            why = "what it gets of Cal.com's operations cannot be told from the file: it matches by more than path and method, or rewrites the path";
        else
            return new RehearsedRoute(route.RouteId, pin.Version, version, operations);
        return null;
    }
}
