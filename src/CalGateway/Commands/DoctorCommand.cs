using CalGateway.CalCom;
using CalGateway.CalCom.Quota;
using CalGateway.Configuration;
using CalGateway.Configuration.Schema;
using CalGateway.Doctor;
using CalGateway.Doctor.Report;
using CalGateway.Journey.Callers;
using CalGateway.Management;
using CalGateway.Sandbox;

namespace CalGateway.Commands;

/// <summary>The verb <c>doctor</c>. Exit code 0 when no check failed, 1 otherwise.</summary>
internal static class DoctorCommand
{
    private static readonly Uri HostedCalCom = new("https://api.cal.com");

    public static async Task<int> ExecuteAsync(Launch launch, bool json, bool share, DoctorConsole console, CancellationToken cancellation)
    {
        await using var sandbox = launch is { Sandbox: true, SandboxHost: null } ? await SandboxHost.StartAsync(cancellationToken: cancellation) : null;
        using var context = Prepare(sandbox is null ? launch : launch with { SandboxHost = sandbox }, share);
        var whole = await CheckRunner.RunAsync(context, CheckRunner.AllChecks(TimeProvider.System), console.Progress, cancellation);
        var report = share ? new PublicReport(context).Of(whole) : whole;
        try
        {
            if (json)
                await console.Out.WriteAsync(JsonReport.Of(report).AsMemory(), cancellation);
            else
                await console.WriteAsync(ansi => new TextReport(ansi).Write(report));
        }
        catch (IOException)
        {
            // The reader of a pipe, such as head, has closed it. The exit code still tells the result.
        }

        return report.IsHealthy ? 0 : 1;
    }

    /// <summary>Reads settings, credential and upstream address as a start would. What is wrong with them is for the checks to report.</summary>
    public static DoctorContext Prepare(Launch launch, bool share, int maxRequests = Probe.MaxRequests)
    {
        var review = SettingsReview.Of(launch);
        var key = StartupException.Try(() => launch.Credential.Read(), out var keyFailure);
        var upstream = review.Revision?.CalComAddresses.Select(address => new Uri(address)).FirstOrDefault() ?? review.Upstream?.Address ?? HostedCalCom;
        return new DoctorContext
        {
            IsShared = share,
            File = review.File,
            Text = review.Content is null ? null : SettingsText.Parse(review.Content, []),
            Findings = review.Findings,
            Revision = review.Revision,
            Addresses = launch.Addresses,
            ManagementUrl = review.Revision?.Options<ManagementOptions>().Url,
            Key = key,
            KeyFailure = keyFailure,
            Upstream = upstream,
            Probe = key is null ? null : new Probe(upstream, new Signature(key), maxRequests, review.Revision?.Options<UpstreamOptions>().Quota ?? new QuotaOptions(), TimeProvider.System),
        };
    }
}
