using CalGateway.Catalogue;

namespace CalGateway.Rehearsal;

/// <summary>The result of a rehearsal: paths, types and counts, never values.</summary>
/// <param name="Pinned">The pinned version; null for none.</param>
/// <param name="Says">The reason for it, in a sentence.</param>
internal sealed record RehearsalReport(string Route, string? Pinned, string Version, RehearsalVerdict Verdict, string Says)
{
    public IReadOnlyList<ReadOutcome> Reads { get; init; } = [];

    public IReadOnlyList<WriteOutlook> Writes { get; init; } = [];

    public int Requests { get; init; }

    public DateTimeOffset At { get; init; }

    public static DateOnly CatalogueDate => CalComCatalogue.Default.Date;

    public static RehearsalReport Impossible(string route, string version, string why, string? pinned = null) =>
        new(route, pinned, version, RehearsalVerdict.NotComparable, $"{route} cannot be rehearsed: {why}.");
}
