using CalGateway.CalCom.Pins;
using CalGateway.Problems;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Management.Concerns;

/// <summary>Concerns about routes whose version Cal.com does not have. What callers received counts more than what the catalogue expects.</summary>
internal static class VersionConcerns
{
    public static IEnumerable<Concern> Of(GatewayFacts facts)
    {
        var met = Mismatches(facts).ToList();
        var older = facts.RoutesInOlderShape.Select(route => OlderShape(facts, route)).ToList();
        var reported = met.Concat(older).Select(concern => concern.Route).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. met, .. older, .. DoubtedPins(facts).Where(doubt => !reported.Contains(doubt.Route))];
    }

    private static IEnumerable<Concern> Mismatches(GatewayFacts facts) =>
        from problem in facts.Problems
        where problem.Code == ProblemTypes.ApiVersionMismatch.Code && problem.Route is not null
            && problem.Revision == facts.Revision.Id && facts.Now - problem.Last < ConcernCollector.RecentWindow
        group problem by (problem.Route, problem.Consumer) into asked
        select Mismatch(facts, VersionLine.Of(facts, asked.Key.Route, asked.Key.Consumer), asked.First());

    /// <summary>Where the pin is right for the rest of the route, changing it would break all other operations: then a separate route is proposed.</summary>
    private static Concern Mismatch(GatewayFacts facts, VersionLine line, RecentProblem last)
    {
        var detail = $"{last.Request} was asked at {last.SentVersion}; {line.Callers} 502 api-version-mismatch.";
        return line.Pin is { Standing: PinStanding.Right }
            ? new Concern(
                ConcernLevel.Warning, "version-mismatch", $"Something on {line.Subject} is asked at a version that it does not have",
                $"{detail} The version is right for the rest of the route.",
                $"Give {last.Request} a route of its own, with CalApiVersion \"{last.SuggestedVersion}\", or have its callers use what took its place.", line.Route)
            : new Concern(
                ConcernLevel.Failing, "version-mismatch", $"Route {line.Subject} asks at a version that Cal.com does not have", detail,
                line.SetTo(facts, line.Pin?.Suggested ?? last.SuggestedVersion), line.Route);
    }

    /// <summary>Answers do not say which of a route's versions was sent, so the first one that the catalogue doubts is named.</summary>
    private static Concern OlderShape(GatewayFacts facts, string route)
    {
        var lines = VersionLine.AllOn(facts, route);
        var line = lines.FirstOrDefault(line => line.Pin is { Standing: PinStanding.Doubted }) ?? lines.FirstOrDefault(line => line.Pin is { Suggested: not null }) ?? lines[0];
        return new Concern(
            ConcernLevel.Warning, "shape-mismatch", $"Answers on {line.Subject} come in an older shape",
            "Cal.com does not know the version that it is asked at and silently answers as it did in its oldest; callers may not understand it.",
            line.Pin?.Suggested is { } suggested
                ? line.SetTo(facts, suggested)
                : "Check that nothing between the gateway and Cal.com drops the cal-api-version header.",
            route);
    }

    private static IEnumerable<Concern> DoubtedPins(GatewayFacts facts) =>
        from route in facts.Revision.Plans.Keys
        from line in VersionLine.AllOn(facts, route)
        let pin = line.Pin
        where pin is { Standing: PinStanding.Doubted }
        select new Concern(
            ConcernLevel.Warning, "pin-doubted", $"The version of {line.Subject} is doubted", pin.Says,
            pin.Suggested is null ? $"Look at {line.PlaceIn(facts)}." : line.SetTo(facts, pin.Suggested), route);
}
