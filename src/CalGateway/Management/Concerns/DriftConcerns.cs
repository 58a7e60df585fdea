using System.Globalization;
using CalGateway.Diagnosis.Drift;

namespace CalGateway.Management.Concerns;

/// <summary>Reports changed answers of Cal.com at unchanged versions.</summary>
internal static class DriftConcerns
{
    private const int MaxListed = 12;

    public static IEnumerable<Concern> Of(GatewayFacts facts) =>
        from change in facts.AnswerChanges
        group change by (change.Subject.Route, change.Subject.Version) into route
        orderby route.Key.Route
        select Changed(route.Key.Route, route.Key.Version, [.. route.OrderBy(change => change.Field.Path, StringComparer.Ordinal)]);

    private static Concern Changed(string route, string version, IReadOnlyList<AnswerChange> changes)
    {
        var said = changes.Select(change => change.Field.Says).Distinct().ToList();
        var since = changes.Min(change => change.Field.At);
        var operations = changes.Select(change => change.Subject.Operation).Distinct();
        return new Concern(
            ConcernLevel.Warning, "shape-changed",
            string.Create(CultureInfo.InvariantCulture, $"{route} answers changed on {since:yyyy-MM-dd} at an unchanged version: {said[0]}{(said.Count > 1 ? $" (and {said.Count - 1} more)" : "")}"),
            string.Create(CultureInfo.InvariantCulture,
                $"Since {since:yyyy-MM-dd HH:mm:ss} UTC {string.Join(" and ", operations)} at {version}: {string.Join("; ", said.Take(MaxListed))}. Learned from the answers themselves; nothing was edited here. Callers that read these fields may fail."),
            "Tell those who maintain the callers, and look at Cal.com's changelog. It ends by itself when Cal.com answers as before, and after a day the new answers are taken for what is to be expected.",
            route);
    }
}
