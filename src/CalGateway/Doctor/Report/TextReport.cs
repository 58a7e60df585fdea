using CalGateway.Telemetry;
using Spectre.Console;

namespace CalGateway.Doctor.Report;

/// <summary>The report for people: first what to fix, then the result of every check.</summary>
internal sealed class TextReport(IAnsiConsole console)
{
    /// <summary>On a narrower console, tables are printed as lists.</summary>
    private const int MinTableWidth = 78;

    private const int Indent = 2;

    public void Write(DoctorReport report)
    {
        var failed = report.Checks.Where(check => check.Result.Verdict == CheckVerdict.Bad).ToList();
        console.MarkupLine(failed.Count == 0
            ? $"[green]✓[/] Healthy{(report.Checks.Any(check => check.Result.Verdict == CheckVerdict.Doubtful) ? ", with something to look at" : "")}."
            : $"[red]✗[/] {failed.Count} of {report.Checks.Count} checks failed. What to mend:");
        foreach (var check in failed)
            WriteRemedy(check.Result);

        foreach (var check in report.Checks)
            Write(check);

        console.WriteLine();
        Paragraph(
            FormattableString.Invariant($"CalGateway {ProductVersion.Text}, catalogue of {DoctorReport.Catalogue:yyyy-MM-dd}. ") +
            FormattableString.Invariant($"{report.Requests} requests to Cal.com, reads only, in {report.Took.TotalSeconds:0.0} s."), 0, "dim");
    }

    /// <summary>A result with details has a remedy that names the detail which it is for; its finding is not repeated.</summary>
    private void WriteRemedy(CheckResult failed)
    {
        if (failed.Details.Count == 0)
            Paragraph(failed.Finding, Indent);
        foreach (var line in Lines(failed.Remedy))
            Paragraph($"→ {line}", Indent, "bold");
    }

    private void Write(CompletedCheck check)
    {
        var result = check.Result;
        console.WriteLine();
        console.MarkupLine($"{Mark(result.Verdict)} [bold]{Markup.Escape(check.Title)}[/]");
        Paragraph(result.Finding, Indent);
        foreach (var line in result.Verdict == CheckVerdict.Bad ? [] : Lines(result.Remedy))
            Paragraph($"→ {line}", Indent);
        foreach (var detail in result.Details)
            Paragraph(detail, Indent, "dim");
        if (result.Table is { } table)
            Write(table);
    }

    private void Write(ResultTable content)
    {
        if (console.Profile.Width < MinTableWidth)
        {
            foreach (var row in content.Rows)
                Paragraph(string.Join(", ", content.Columns.Zip(row).Where(cell => cell.Second.Length > 0).Select(cell => $"{cell.First} {cell.Second}")), Indent);
            return;
        }

        var heads = content.Columns.Select(column => new TableColumn(Markup.FromInterpolated($"{column}", new Style(decoration: Decoration.Underline))).Padding(0, 0, 2, 0));
        var table = new Table().Border(TableBorder.None).AddColumns([.. heads]);
        foreach (var row in content.Rows)
            table.AddRow([.. row.Select(cell => Markup.FromInterpolated($"{Clean(cell)}", StyleOf(cell)))]);
        console.Write(new Padder(table, new Padding(Indent, 1, 0, 0)));
    }

    private void Paragraph(string text, int indent, string? style = null)
    {
        foreach (var line in Lines(text))
            console.Write(new Padder(new Text(Clean(line), style is null ? Style.Plain : Style.Parse(style)), new Padding(indent, 0, 0, 0)));
    }

    private static string[] Lines(string? text) => text?.Split('\n') ?? [];

    /// <summary>Removes control characters: titles come from the account and must not send commands to the terminal.</summary>
    private static string Clean(string text) => new([.. text.Select(character => char.IsControl(character) ? ' ' : character)]);

    private static string Mark(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Good => "[green]✓[/]",
        CheckVerdict.Doubtful => "[yellow]![/]",
        CheckVerdict.Bad => "[red]✗[/]",
        _ => "[dim]-[/]",
    };

    private static Style StyleOf(string cell) => cell.Trim('[', ']') switch
    {
        "✓" or "✓ new" => new Style(Color.Green),
        "✓ old" => new Style(Color.Yellow),
        "404" or "error" when cell[0] == '[' => new Style(Color.Red),
        _ => Style.Plain,
    };
}
