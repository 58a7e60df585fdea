using CalGateway.Catalogue;

namespace CalGateway.Doctor.Report;

/// <summary>The title of a check and its result.</summary>
internal sealed record CompletedCheck(string Title, CheckResult Result);

/// <summary>The results of all checks.</summary>
internal sealed record DoctorReport(IReadOnlyList<CompletedCheck> Checks, int Requests, TimeSpan Took)
{
    public bool IsHealthy => Checks.All(check => check.Result.Verdict != CheckVerdict.Bad);

    public static DateOnly Catalogue => CalComCatalogue.Default.Date;
}
