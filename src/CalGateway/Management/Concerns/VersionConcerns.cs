using CalGateway.CalCom.Pins;
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
        group problem by (problem.Route, problem.Consumer) into asked
        select Mismatch(facts, VersionLine.Of(facts, asked.Key.Route, asked.Key.Consumer), asked.First());

    /// <summary>A version that is right for the route stays: one operation that wants another would have all others go wrong.</summary>
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

    /// <summary>Which of several versions it was is not counted: the lines that are doubted come first.</summary>
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

    private static IEnumerable<Concern> Doubts(GatewayFacts facts) =>
        from route in facts.Revision.Plans.Keys
        from line in VersionLine.AllOn(facts, route)
        let pin = line.Pin
        where pin is { Standing: PinStanding.Doubted }
        select new Concern(
            ConcernLevel.Warning, "pin-doubted", $"The version of {line.Subject} is doubted", pin.Says,
            pin.Suggested is null ? $"Look at {line.PlaceIn(facts)}." : line.SetTo(facts, pin.Suggested), route);
}
