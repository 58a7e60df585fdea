using CalGateway.Catalogue;
using CalGateway.Doctor.Matrix;

namespace CalGateway.Doctor.Checks;

/// <summary>Asks each family of endpoints at every version, and judges the pins in force by the answers.</summary>
internal sealed class MatrixCheck(TimeProvider clock) : ICheck
{
    private const string Legend = "Below: in brackets the versions in force; old is the older shape, 404 no such route";

    public string Title => "Versions";

    public async Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation)
    {
        if (!context.IsAccepted || context.Probe is not { } probe)
            return CheckResult.Skipped("Not asked: Cal.com does not answer for this credential.");

        var matrix = new LiveMatrix(CalComCatalogue.Default, context, probe, clock);
        var rows = await matrix.ReadAsync(cancellation);
        return ResultOf(rows, matrix.Versions, probe.Stopped, context.File.Name);
    }

    private static CheckResult ResultOf(IReadOnlyList<FamilyRow> rows, IReadOnlyList<string> versions, string? stopped, string file)
    {
        var results = rows.SelectMany(row => row.ResultsOfOthers().Prepend(row.ResultOf(file))).ToList();
        var asked = rows.Where(row => row.IsAsked).ToList();
        var worst = results.Max(result => result.Verdict);
        var finding = worst switch
        {
            CheckVerdict.Good => "Every family answers at its pinned version.",
            CheckVerdict.Bad => "Some families do not answer at their pinned versions as they should.",
            _ => "Not every family could be judged.",
        };
        var remedies = results.Where(result => result.Remedy is not null).Select(result => $"{result.Finding} {result.Remedy}");
        return new CheckResult(worst == CheckVerdict.Skipped ? CheckVerdict.Doubtful : worst, stopped is null ? finding : $"{finding} Asking ended early: {stopped}.",
            string.Join('\n', remedies) is { Length: > 0 } remedy ? remedy : null)
        {
            Details = [.. results.Select(result => result.Finding), LegendFor(asked, versions, stopped)],
            Table = Table(asked, versions),
        };
    }

    /// <summary>Explains the marks in the table, and why some cells were not asked.</summary>
    private static string LegendFor(IReadOnlyList<FamilyRow> rows, IReadOnlyList<string> versions, string? stopped)
    {
        var isWhole = rows.All(row => versions.Append(FamilyRow.NoVersion).All(version => row[version].Kind != CellKind.NotAsked));
        var why = stopped is null ? $": {LiveMatrix.MaxRequests} requests are the most, and another family's pin is asked of that family alone" : "";
        return isWhole ? $"{Legend}." : $"{Legend}, · not asked{why}.";
    }

    /// <summary>One row for each version, one column for each family; the pin in force is in brackets.</summary>
    private static ResultTable Table(IReadOnlyList<FamilyRow> rows, IReadOnlyList<string> versions) => new(
        ["version", .. rows.Select(row => row.Read.Column)],
        [.. versions.Append(FamilyRow.NoVersion).Select(version => (IReadOnlyList<string>)[version, .. rows.Select(row => Shown(row, version))])]);

    private static string Shown(FamilyRow row, string version) => row.VersionsInForce.Contains(version) ? $"[{row[version]}]" : row[version].ToString();
}
