using CalGateway.Catalogue;
using CalGateway.Problems;

namespace CalGateway.Rehearsal;

/// <summary>Derives the verdict from the results of all reads. A pure function.</summary>
internal static class VerdictRules
{
    public static (RehearsalVerdict Verdict, string Says) Of(RehearsedRoute route, IReadOnlyList<ReadOutcome> reads, IReadOnlyList<WriteOutlook> writes, CalComCatalogue catalogue)
    {
        var (version, compared) = (route.Version, reads.Where(read => read.Kind == OutcomeKind.Compared).ToList());
        var misses = reads.Count(read => read.Kind == OutcomeKind.RouteMiss);
        var breaking = compared.Count(read => read.Compared!.IsBreaking) + reads.Count(read => read.Kind == OutcomeKind.Refused);
        var failed = reads.FirstOrDefault(read => read.Kind == OutcomeKind.Failed);

        if (reads.Any(read => read.IsDowngraded))
            return (RehearsalVerdict.SilentDowngrade, $"This Cal.com does not know {version} and silently answers as at {catalogue.DefaultVersion}{Breaks(breaking + misses)}.");
        if (misses > 0 && breaking == 0)
            return (RehearsalVerdict.RouteMiss, $"{Sentence.Count(misses, "read")} {(misses == 1 ? "is" : "are")} answered at {route.Pinned} and a route miss at {version}.{Rest(failed)}");
        if (breaking > 0)
            return (RehearsalVerdict.Breaking, $"{Sentence.Count(breaking + misses, "read")} of {reads.Count} {(breaking + misses == 1 ? "breaks" : "break")} at {version}.{Rest(failed)}");
        if (failed is not null)
            return (RehearsalVerdict.NotComparable, compared.Count == 0 ? $"Nothing was compared: {failed.Why}." : $"{Sentence.Count(compared.Count, "read")} {(compared.Count == 1 ? "is" : "are")} safe; the rest was not compared: {failed.Why}.");
        if (compared.Count == 0)
            return (RehearsalVerdict.NotComparable, NothingCompared(route, reads));

        var missing = writes.Count(write => write.IsMiss);
        return missing > 0
            ? (RehearsalVerdict.Breaking, $"{Of(compared.Count, reads.Count)} {(compared.Count == 1 ? "is" : "are")} safe, but by the catalogue {(missing == 1 ? "1 write is" : $"{missing} writes are")} a route miss at {version}.")
            : (RehearsalVerdict.Safe, $"{Of(compared.Count, reads.Count)} compared: {(compared.All(read => read.Compared!.Differences.Count == 0) ? "no difference" : "additions alone")}.");
    }

    private static string NothingCompared(RehearsedRoute route, IReadOnlyList<ReadOutcome> reads) => reads switch
    {
        [] => $"{route.Route} has no reads that can be compared.",
        [var only] => $"There is nothing to compare: {only.Operation}: {only.Why}.",
        _ => $"There is nothing to compare in {reads.Count} reads; the first is {reads[0].Operation}: {reads[0].Why}.",
    };

    private static string Breaks(int reads) => reads == 0 ? "; nothing that was compared differs" : $": {Sentence.Count(reads, "read")} {(reads == 1 ? "breaks" : "break")}";

    private static string Rest(ReadOutcome? failed) => failed is null ? "" : $" Not all was compared: {failed.Why}.";

    private static string Of(int some, int all) => some == all ? Sentence.Count(all, "read") : $"{some} of {Sentence.Count(all, "read")}";
}
