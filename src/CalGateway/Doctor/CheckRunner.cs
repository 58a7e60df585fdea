using System.Diagnostics;
using CalGateway.Doctor.Checks;
using CalGateway.Doctor.Report;
using CalGateway.Problems;
using CalGateway.Telemetry;

namespace CalGateway.Doctor;

/// <summary>Runs the checks in order. A check that throws counts as failed, and the later ones still run.</summary>
internal static class CheckRunner
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

    public static async Task<DoctorReport> RunAsync(
        DoctorContext context, IReadOnlyList<ICheck> checks, Action<string>? progress, CancellationToken cancellation)
    {
        using var trace = GatewayActivities.StartTrace("doctor");
        var started = Stopwatch.GetTimestamp();
        var completed = new List<CompletedCheck>();
        context.Progress = progress;
        foreach (var check in checks)
        {
            progress?.Invoke(check.Title);
            completed.Add(new CompletedCheck(check.Title, await TryAsync(check, context, cancellation)));
        }

        progress?.Invoke("");
        return new DoctorReport(completed, context.Probe?.Count ?? 0, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<CheckResult> TryAsync(ICheck check, DoctorContext context, CancellationToken cancellation)
    {
        try
        {
            return await check.RunAsync(context, cancellation);
        }
        catch (Exception failure) when (failure is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return CheckResult.Bad(
                $"The check itself failed: {failure.GetType().Name}, {Redaction.Clean(failure.Message, 200)}",
                $"The check \"{check.Title}\" has a fault; the others are good. Please report it with the finding.");
        }
    }
}
