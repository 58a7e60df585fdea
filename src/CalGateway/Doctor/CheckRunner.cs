using System.Diagnostics;
using CalGateway.Doctor.Checks;
using CalGateway.Doctor.Report;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Doctor;

/// <summary>Runs the checks in their order. One that throws is a finding, and those after it still run.</summary>
internal static class Physician
{
    public static IReadOnlyList<ICheck> AllChecks(TimeProvider clock) =>
    [
        new ConfigurationCheck(),
        new CredentialCheck(),
        new ConnectionCheck(clock),
        new AccountCheck(),
        new MatrixCheck(clock),
        new ApiV1Check(),
        new RunningGatewayCheck(),
        new EventTypesCheck(),
    ];

    public static async Task<DoctorReport> ExamineAsync(
        Examination examination, IReadOnlyList<ICheck> checks, Action<string>? progress, CancellationToken cancellation)
    {
        using var trace = GatewayActivities.StartTrace("doctor");
        var started = Stopwatch.GetTimestamp();
        var examined = new List<Examined>();
        examination.Progress = progress;
        foreach (var check in checks)
        {
            progress?.Invoke(check.Title);
            examined.Add(new Examined(check.Title, await TryAsync(check, examination, cancellation)));
        }

        progress?.Invoke("");
        return new DoctorReport(examined, examination.Probe?.Count ?? 0, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<CheckResult> TryAsync(ICheck check, Examination examination, CancellationToken cancellation)
    {
        try
        {
            return await check.ExamineAsync(examination, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return CheckResult.Bad(
                $"The check itself failed: {failure.GetType().Name}, {Redaction.Clean(failure.Message, 200)}",
                $"The check \"{check.Title}\" has a fault; the others are good. Please report it with the finding.");
        }
    }
}
