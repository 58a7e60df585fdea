using System.Globalization;
using System.Text;
using CalGateway.Diagnosis.Structures;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Rehearsal.Report;

/// <summary>The report for people: the verdict, what breaks, the rest.</summary>
internal static class RehearsalText
{
    public static string Of(RehearsalReport report)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{report.Verdict.Describe()}: {report.Route} at {report.Version}{(report.Pinned is null ? "" : $" instead of {report.Pinned}")}");
        text.AppendLine(report.Says);
        foreach (var read in report.Reads.Where(read => read.Kind is OutcomeKind.Compared or OutcomeKind.RouteMiss or OutcomeKind.Refused).OrderBy(IsQuiet))
            Write(text, read, report);
        Write(text, "Not compared", NotCompared(report.Reads));
        Write(text, "Writes, by the catalogue", report.Writes.Select(write => $"{write.Operation}: {write.Says}"));
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{Sentence.Count(report.Requests, "request")} to Cal.com, reads only. CalGateway {ProductVersion.Text}, catalogue of {RehearsalReport.CatalogueDate:yyyy-MM-dd}.");
        return text.ToString();
    }

    /// <summary>One line for each difference, or for a pair of paths that are probably the same field.</summary>
    public static IEnumerable<string> Lines(ComparedStructures compared)
    {
        foreach (var difference in compared.Differences)
        {
            if (difference is { Kind: DifferenceKind.New, Likely: not Likelihood.None })
                continue;

            var counterpart = difference.Likely == Likelihood.None
                ? null
                : compared.Differences.FirstOrDefault(other => other.Kind == DifferenceKind.New && other.Path == difference.Counterpart);
            yield return counterpart is null ? difference.ToString() : $"{difference}; {counterpart}: likely {difference.Likely.ToString().ToLowerInvariant()}";
        }
    }

    /// <summary>Reads with the same reason share a line, because some routes have a hundred.</summary>
    private static IEnumerable<string> NotCompared(IEnumerable<ReadOutcome> reads) =>
        from read in reads
        where read.Kind is OutcomeKind.NotCompared or OutcomeKind.Failed
        group read.Operation by read.Why into reason
        select $"{string.Join(", ", reason)}: {reason.Key}";

    private static bool IsQuiet(ReadOutcome read) => read is { Kind: OutcomeKind.Compared, Compared.IsBreaking: false };

    private static void Write(StringBuilder text, ReadOutcome read, RehearsalReport report)
    {
        text.AppendLine().AppendLine(read switch
        {
            { Kind: OutcomeKind.RouteMiss } => $"{read.Operation}: a route miss at {report.Version}",
            { Kind: OutcomeKind.Refused } => $"{read.Operation}: answered {read.Status} at {report.Version}, and {read.PinnedStatus} at {report.Pinned}",
            { Compared: { Differences.Count: 0, Noise: 0 } } => $"{read.Operation}: no difference",
            { Compared: { } compared } => $"{read.Operation}: {Sentence.Count(compared.Differences.Count, "difference")}{(compared.Noise > 0 ? $", {compared.Noise} left out that two equal reads show as well" : "")}",
            _ => read.Operation.ToString(),
        });
        foreach (var line in read.Compared is { } seen ? Lines(seen) : [])
            text.Append("  ").AppendLine(line);
        foreach (var place in read.Compared?.NotCompared ?? [])
            text.Append("  ").AppendLine(CultureInfo.InvariantCulture, $"{place}: not compared, for one of the answers has nothing there");
    }

    private static void Write(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0)
            return;

        text.AppendLine().AppendLine(title);
        foreach (var line in all)
            text.Append("  ").AppendLine(line);
    }
}
