namespace CalGateway.Doctor;

internal enum Verdict
{
    Good,

    /// <summary>Not asked, for what it builds on is missing.</summary>
    Skipped,

    /// <summary>It works, but hardly as it was meant.</summary>
    Doubtful,

    /// <summary>It does not work; the doctor's exit code is 1.</summary>
    Bad,
}

/// <summary>What one check found.</summary>
/// <param name="Finding">What was seen, in a sentence.</param>
/// <param name="Remedy">What to do about it; a line each. Null where there is nothing to do.</param>
internal sealed record CheckResult(Verdict Verdict, string Finding, string? Remedy = null)
{
    /// <summary>More of what was seen, a line each.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    public ResultTable? Table { get; init; }

    public static CheckResult Good(string finding) => new(Verdict.Good, finding);

    public static CheckResult Skipped(string finding) => new(Verdict.Skipped, finding);

    public static CheckResult Doubtful(string finding, string? remedy) => new(Verdict.Doubtful, finding, remedy);

    public static CheckResult Bad(string finding, string remedy) => new(Verdict.Bad, finding, remedy);
}

internal sealed record ResultTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
