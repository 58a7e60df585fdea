using CalGateway.CalCom.Pins;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management.Concerns;

/// <summary>Whether each route asks at a version that Cal.com has. What callers met weighs more than what the catalogue thinks.</summary>
internal static class VersionConcerns
{
    public static IEnumerable<Concern> Of(GatewayFacts facts)
    {
        var met = Mismatches(facts).ToList();
        var older = facts.RoutesInOlderShape.Select(route => OlderShape(facts, route)).ToList();
        var told = met.Concat(older).Select(concern => concern.Route).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. met, .. older, .. Doubts(facts).Where(doubt => !told.Contains(doubt.Route))];
    }

    private static IEnumerable<Concern> Mismatches(GatewayFacts facts) =>
        from problem in facts.Problems
        where problem.Code == ProblemTypes.ApiVersionMismatch.Code && problem.Route is not null
            && problem.Revision == facts.Revision.Id && facts.Now - problem.Last < Judgement.Recent
        group problem by problem.Route into route
        select Mismatch(facts, route.Key, route.First(), PinOf(facts, route.Key));

    /// <summary>A pin that is right for the route stays: one operation that wants another would have all others go wrong.</summary>
    private static Concern Mismatch(GatewayFacts facts, string route, RecentProblem last, PinVerdict? pin)
    {
        var detail = $"{last.Request} was asked at {last.SentVersion}; callers get 502 api-version-mismatch.";
        return pin is { Standing: PinStanding.Right }
            ? new Concern(
                ConcernLevel.Warning, "version-mismatch", $"Something on {route} is asked at a version that it does not have",
                $"{detail} The version is right for the rest of the route.",
                $"Give {last.Request} a route of its own, with CalApiVersion \"{last.SuggestedVersion}\", or have its callers use what took its place.", route)
            : new Concern(
                ConcernLevel.Failing, "version-mismatch", $"Route {route} asks at a version that Cal.com does not have", detail,
                SetTo(facts, route, pin?.Suggested ?? last.SuggestedVersion), route);
    }

    private static Concern OlderShape(GatewayFacts facts, string route)
    {
        var pin = PinOf(facts, route);
        return new Concern(
            ConcernLevel.Warning, "shape-mismatch", $"Answers on {route} come in an older shape",
            "Cal.com does not know the version that it is asked at and silently answers as it did in its oldest; callers may not understand it.",
            pin?.Suggested is { } suggested
                ? SetTo(facts, route, suggested)
                : "Check that nothing between the gateway and Cal.com drops the cal-api-version header.",
            route);
    }

    private static IEnumerable<Concern> Doubts(GatewayFacts facts) =>
        from route in facts.Revision.Plans.Keys
        let pin = PinOf(facts, route)
        where pin is { Standing: PinStanding.Doubted }
        select new Concern(
            ConcernLevel.Warning, "pin-doubted", $"The version of {route} is doubted", pin.Says,
            pin.Suggested is null ? $"Look at {PlaceOf(facts, route)}." : SetTo(facts, route, pin.Suggested), route);

    private static PinVerdict? PinOf(GatewayFacts facts, string route) => facts.Revision.Plans.GetValueOrDefault(route)?.Part<PinVerdict>();

    private static string SetTo(GatewayFacts facts, string route, string? version) => version is null
        ? $"Look at {PlaceOf(facts, route)}: no version is known to answer it."
        : $"In {PlaceOf(facts, route)} set CalApiVersion of {route} to \"{version}\"; it takes effect on save.";

    /// <summary>The file and, where the pin stands in it, the line.</summary>
    private static string PlaceOf(GatewayFacts facts, string route)
    {
        var config = facts.Revision.Routes.FirstOrDefault(other => other.RouteId.Equals(route, StringComparison.OrdinalIgnoreCase));
        var pin = config is null ? null : ApiVersionPin.Of(config);
        var key = $"ReverseProxy:Routes:{route}:Transforms:{pin?.Index}:{ApiVersionPin.Key}";
        return facts.Revision.Settings.Find(key)?.Source ?? facts.FileName;
    }
}
