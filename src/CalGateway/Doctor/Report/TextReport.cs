using Spectre.Console;

namespace CalGateway.Doctor.Report;

/// <summary>The report for people: what to mend first, then everything that was seen.</summary>
internal sealed class TextReport(IAnsiConsole console)
{
    /// <summary>Below it, a table of seven columns is told as lists.</summary>
    private const int WidthOfTables = 78;

    private const int Indent = 2;

    public void Write(DoctorReport report)
    {
        var troubles = report.Checks.Where(check => check.Result.Verdict == Verdict.Bad).ToList();
        Line(troubles.Count == 0
            ? $"[green]✓[/] Healthy{(report.Checks.Any(check => check.Result.Verdict == Verdict.Doubtful) ? ", with something to look at" : "")}."
            : $"[red]✗[/] {troubles.Count} of {report.Checks.Count} checks failed. What to mend:");
        foreach (var trouble in troubles)
            Paragraph(trouble.Result.Remedy ?? trouble.Result.Finding, Indent, "bold");

        foreach (var check in report.Checks)
            Write(check);

        console.WriteLine();
        Paragraph(
            FormattableString.Invariant($"CalGateway {DoctorReport.Version}, catalogue of {DoctorReport.Catalogue:yyyy-MM-dd}. ") +
            FormattableString.Invariant($"{report.Requests} requests to Cal.com, reads only, in {report.Took.TotalSeconds:0.0} s."), 0, "dim");
    }

    private void Write(Examined check)
    {
        var result = check.Result;
        console.WriteLine();
        Line($"{Mark(result.Verdict)} [bold]{Markup.Escape(check.Title)}[/]");
        Paragraph(result.Finding, Indent);
        foreach (var line in result.Verdict == Verdict.Bad ? [] : Lines(result.Remedy))
            Paragraph($"→ {line}", Indent);
        foreach (var detail in result.Details)
            Paragraph(detail, Indent, "dim");
        if (result.Table is { } table)
            Write(table);
    }

    private void Write(ResultTable content)
    {
        if (console.Profile.Width < WidthOfTables)
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

    private void Line(string markup) => console.MarkupLine(markup);

    private static string[] Lines(string? text) => text?.Split('\n') ?? [];

    /// <summary>A title is the account's own text: it may not steer the terminal.</summary>
    private static string Clean(string text) => new([.. text.Select(character => char.IsControl(character) ? ' ' : character)]);

    private static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Good => "[green]✓[/]",
        Verdict.Doubtful => "[yellow]![/]",
        Verdict.Bad => "[red]✗[/]",
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
