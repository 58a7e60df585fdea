using System.Globalization;
using System.Text.Json;
using CalGateway.Diagnosis.Structures;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Rehearsal.Report;

/// <summary>The report as JSON, for programs.</summary>
internal static class RehearsalJson
{
    public static string Of(RehearsalReport report) => JsonSerializer.Serialize(From(report), ReadableJson.Options) + "\n";

    public static object From(RehearsalReport report) => new
    {
        report.Route,
        PinnedVersion = report.Pinned,
        report.Version,
        Verdict = report.Verdict.Describe(),
        report.Says,
        report.Requests,
        At = report.At == default ? (DateTimeOffset?)null : report.At,
        Gateway = ProductVersion.Text,
        Catalogue = RehearsalReport.CatalogueDate.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Reads = report.Reads.Select(read => new
        {
            Operation = read.Operation.ToString(),
            Outcome = OutcomeOf(read),
            read.Why,
            read.PinnedStatus,
            read.Status,
            Noise = read.Compared?.Noise,
            NotCompared = read.Compared is { NotCompared: { Count: > 0 } places } ? places : null,
            Differences = read.Compared?.Differences.Select(From),
        }),
        Writes = report.Writes.Select(write => new { Operation = write.Operation.ToString(), RouteMiss = write.IsMiss, write.Says }),
    };

    private static object From(StructureDifference difference) => new
    {
        Kind = JsonNamingPolicy.KebabCaseLower.ConvertName(difference.Kind.ToString()),
        difference.Path,
        Before = difference.Before == JsonTypes.None ? null : difference.Before.Describe(),
        After = difference.After == JsonTypes.None ? null : difference.After.Describe(),
        Breaking = difference.IsBreaking,
        Likely = difference.Likely == Likelihood.None ? null : difference.Likely.ToString().ToLowerInvariant(),
        difference.Counterpart,
        Says = difference.ToString(),
    };

    private static string OutcomeOf(ReadOutcome read) => read switch
    {
        { Kind: OutcomeKind.Compared, Compared.IsBreaking: true } => "breaking",
        { Kind: OutcomeKind.Compared } => "safe",
        { Kind: OutcomeKind.RouteMiss } => "route miss",
        { Kind: OutcomeKind.Refused } => "breaking",
        { Kind: OutcomeKind.Failed } => "failed",
        _ => "not compared",
    };
}
