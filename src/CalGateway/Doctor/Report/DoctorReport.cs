using CalGateway.Catalogue;

namespace CalGateway.Doctor.Report;

/// <summary>A check and what it found.</summary>
internal sealed record Examined(string Title, CheckResult Result);

/// <summary>The whole examination.</summary>
internal sealed record DoctorReport(IReadOnlyList<Examined> Checks, int Requests, TimeSpan Took)
{
    public bool IsHealthy => Checks.All(check => check.Result.Verdict != Verdict.Bad);

    public static string Version => typeof(DoctorReport).Assembly.GetName().Version!.ToString(3);

    public static DateOnly Catalogue => CalComCatalogue.Default.Date;
}
