using CalGateway.CalCom.V1;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.CalCom.Pins;

/// <summary>What the catalogue says about a route's pin, in one word.</summary>
internal enum PinStanding
{
    /// <summary>The pin is the version to ask for.</summary>
    Right,

    /// <summary>Cal.com answers at the pinned version, but another one is the version to ask for.</summary>
    Older,

    /// <summary>There is a warning about the pin.</summary>
    Doubted,

    /// <summary>The transform has <c>"Unverified": "true"</c>, so that the catalogue is not asked.</summary>
    Acknowledged,

    /// <summary>The route goes to Cal.com without a version.</summary>
    Unpinned,

    /// <summary>There is no pin to judge, or the operations of the route are not known.</summary>
    NotJudged,
}

/// <summary>What the catalogue says about one route's pin, for the status page and other views of a route.</summary>
/// <param name="Says">One sentence for people.</param>
/// <param name="Suggested">The version to ask for, if it is a single one and not the pin; otherwise null.</param>
internal sealed record PinVerdict(PinStanding Standing, string Says, string? Suggested = null)
{
    /// <param name="operations">The operations that the route gets; null if they are not known.</param>
    /// <param name="warningsAt">Gives the warnings of the revision by the key of a setting.</param>
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
