using CalGateway.CalCom.V1;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>How a route's pin stands with the catalogue.</summary>
internal enum PinStanding
{
    Right,

    /// <summary>It is answered, and another version is the one to ask for.</summary>
    Older,

    /// <summary>There is a warning about it.</summary>
    Doubted,

    /// <summary><c>"Unverified": "true"</c>: whoever wrote it knows better.</summary>
    Acknowledged,

    /// <summary>A route to Cal.com without a version.</summary>
    Unpinned,

    /// <summary>There is nothing to judge, or no way to.</summary>
    NotJudged,
}

/// <summary>What the catalogue thinks of one route's pin, for those who look at the route and not at a list of findings.</summary>
/// <param name="Says">A sentence.</param>
/// <param name="Suggested">The version to ask for, where it is one and another.</param>
internal sealed record PinVerdict(PinStanding Standing, string Says, string? Suggested = null)
{
    /// <param name="route">The route.</param>
    /// <param name="operations">What it gets; null where that cannot be told.</param>
    /// <param name="warningsAt">Of the whole revision, by key.</param>
    public static PinVerdict Of(RouteConfig route, IReadOnlyList<Operation>? operations, Func<string, IEnumerable<Finding>> warningsAt)
    {
        if (!CalComCluster.IsTargetOf(route))
            return new PinVerdict(PinStanding.NotJudged, "It does not go to Cal.com.");
        if (ApiVersionPin.Of(route) is not { } pin)
        {
            return CalApiKeyQueryTransformFactory.IsOn(route)
                ? new PinVerdict(PinStanding.NotJudged, "API v1 has no versions.")
                : new PinVerdict(PinStanding.Unpinned, "No version is pinned: Cal.com assumes its oldest.");
        }

        return Of(pin.Version, pin.Unverified, operations, warningsAt(pin.KeyOn(route)));
    }

    /// <summary>The same for the version that one consumer has of its own.</summary>
    /// <param name="own">The consumer's.</param>
    /// <param name="operations">What the route gets; null where that cannot be told.</param>
    /// <param name="warningsAt">Of the whole revision, by key.</param>
    public static PinVerdict Of(ConsumerPin own, IReadOnlyList<Operation>? operations, Func<string, IEnumerable<Finding>> warningsAt) =>
        Of(own.Version, own.Unverified, operations, warningsAt(own.Setting));

    private static PinVerdict Of(string version, bool isAcknowledged, IReadOnlyList<Operation>? operations, IEnumerable<Finding> warnings)
    {
        string[] wanted = [.. FamilyPins.Of(operations ?? []).Select(family => family.Version).Distinct()];
        var suggested = wanted is [var only] && only != version ? only : null;
        if (warnings.FirstOrDefault() is { } doubt)
            return new PinVerdict(PinStanding.Doubted, doubt.Message, suggested ?? NearestTo(version));
        if (isAcknowledged)
            return new PinVerdict(PinStanding.Acknowledged, "Acknowledged as unverified, so the catalogue has no say.", suggested);
        if (operations is null)
            return new PinVerdict(PinStanding.NotJudged, "Which operations it gets cannot be told from the file alone.");
        if (suggested is null)
            return new PinVerdict(PinStanding.Right, wanted.Length == 0 ? "Any version will do." : "The version to ask for.");

        var isOldShape = operations.Any(operation => operation.LegacyVersions.Contains(version));
        return new PinVerdict(
            PinStanding.Older, $"Answered{(isOldShape ? " in an older shape" : "")}; the version to ask for is {suggested}.", suggested);
    }

    private static string? NearestTo(string version) =>
        CalComCatalogue.Default.Advise(version) is { Known: false, Nearest: { } nearest } ? nearest : null;
}
