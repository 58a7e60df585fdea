namespace CalGateway.Doctor;

internal enum CheckVerdict
{
    Good,

    /// <summary>Not run, because something that it needs is missing.</summary>
    Skipped,

    /// <summary>It works, but probably not as intended.</summary>
    Doubtful,

    /// <summary>It does not work; the doctor's exit code is 1.</summary>
    Bad,
}

/// <summary>What one check found.</summary>
/// <param name="Finding">What was seen, in one sentence.</param>
/// <param name="Remedy">What to do about it, one step a line; null where there is nothing to do.</param>
internal sealed record CheckResult(CheckVerdict Verdict, string Finding, string? Remedy = null)
{
    /// <summary>More findings, one a line.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public ResultTable? Table { get; init; }

    public static CheckResult Good(string finding) => new(CheckVerdict.Good, finding);

    public static CheckResult Skipped(string finding) => new(CheckVerdict.Skipped, finding);

    public static CheckResult Doubtful(string finding, string? remedy) => new(CheckVerdict.Doubtful, finding, remedy);

    public static CheckResult Bad(string finding, string remedy) => new(CheckVerdict.Bad, finding, remedy);
}

internal sealed record ResultTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
