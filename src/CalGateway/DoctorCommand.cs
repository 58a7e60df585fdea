using CalGateway.Doctor.Report;
using CalGateway.Sandbox;

namespace CalGateway.Doctor;

/// <summary>The verb <c>doctor</c>. Exit code 0 where all is well, 1 where something is not.</summary>
internal static class DoctorCommand
{
    public static async Task<int> ExecuteAsync(Launch launch, bool json, bool share, DoctorConsole console, CancellationToken cancellation)
    {
        await using var sandbox = launch is { Sandbox: true, SandboxHost: null } ? await SandboxHost.StartAsync(cancellationToken: cancellation) : null;
        using var examination = Examination.Begin(sandbox is null ? launch : launch with { SandboxHost = sandbox }, share);
        var whole = await Physician.ExamineAsync(examination, Physician.AllChecks(TimeProvider.System), console.Progress, cancellation);
        var report = share ? new PublicReport(examination).Of(whole) : whole;
        try
        {
            if (json)
                await console.Out.WriteAsync(JsonReport.Of(report).AsMemory(), cancellation);
            else
                await console.WriteAsync(ansi => new TextReport(ansi).Write(report));
        }
        catch (IOException)
        {
            // Whoever read the report has seen enough of it; the verdict is in the exit code.
        }

        return report.IsHealthy ? 0 : 1;
    }
}
