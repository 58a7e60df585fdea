using CalGateway.Catalogue;

namespace CalGateway.Rehearsal;

/// <summary>What a rehearsal has shown: paths, types and counts, and never a value of an answer.</summary>
/// <param name="Route">That was rehearsed.</param>
/// <param name="Pinned">The version that it is pinned to; null where it pins none.</param>
/// <param name="Version">The other one.</param>
/// <param name="Verdict">The whole of it.</param>
/// <param name="Says">Why, in a sentence.</param>
internal sealed record RehearsalReport(string Route, string? Pinned, string Version, Verdict Verdict, string Says)
{
    public IReadOnlyList<ReadOutcome> Reads { get; init; } = [];

    public IReadOnlyList<WriteOutlook> Writes { get; init; } = [];

    /// <summary>As many were sent to Cal.com.</summary>
    public int Requests { get; init; }

    public DateTimeOffset At { get; init; }

    public static DateOnly CatalogueDate => CalComCatalogue.Default.Date;

    public static string GatewayVersion { get; } = typeof(RehearsalReport).Assembly.GetName().Version!.ToString(3);

    public static RehearsalReport Impossible(string route, string version, string why, string? pinned = null) =>
        new(route, pinned, version, Verdict.NotComparable, $"{route} cannot be rehearsed: {why}.");
}
