using System.Globalization;
using System.Text.Json;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Doctor.Report;

/// <summary>The report as JSON, for programs.</summary>
internal static class JsonReport
{
    public static string Of(DoctorReport report) => JsonSerializer.Serialize(
        new
        {
            Healthy = report.IsHealthy,
            Version = ProductVersion.Text,
            Catalogue = DoctorReport.Catalogue.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            report.Requests,
            Checks = report.Checks.Select(check => new
            {
                check.Title,
                Verdict = check.Result.Verdict.ToString().ToLowerInvariant(),
                check.Result.Finding,
                check.Result.Remedy,
                Details = check.Result.Details.Count > 0 ? check.Result.Details : null,
                check.Result.Table,
            }),
        },
        ReadableJson.Options) + "\n";
}
