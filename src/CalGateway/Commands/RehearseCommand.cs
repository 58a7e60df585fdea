using System.Text;
using CalGateway.CalCom;
using CalGateway.CalCom.Admission;
using CalGateway.CalCom.Connections;
using CalGateway.CalCom.Quota;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;
using CalGateway.Rehearsal;
using CalGateway.Rehearsal.Reading;
using CalGateway.Rehearsal.Report;
using CalGateway.Sandbox;

namespace CalGateway.Commands;

/// <summary>
/// The verb <c>rehearse</c>: shows what callers of a route would get at another version. Exit code 0 where that is safe, 1 where something breaks, 3 where
/// nothing could be compared, 2 for a usage error.
/// </summary>
internal static class RehearseCommand
{
    private const int UsageError = 2;

    public static async Task<int> ExecuteAsync(Launch launch, string route, string version, bool json, string? save, RehearsalConsole console, CancellationToken cancellation)
    {
        FileStream? saved = null;
        try
        {
            // Before Cal.com is asked for what could not be kept. What an earlier rehearsal has saved is kept until there is a new one.
            saved = save is null ? null : new FileStream(save, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception failure) when (IsOfFile(failure))
        {
            return await CannotSaveAsync(console, save!, failure);
        }

        await using (saved)
        {
            await using var sandbox = launch is { Sandbox: true, SandboxHost: null } ? await SandboxHost.StartAsync(cancellationToken: cancellation) : null;
            var report = await RehearseAsync(sandbox is null ? launch : launch with { SandboxHost = sandbox }, route, version, console, cancellation);
            if (report is null)
                return UsageError;

            await WriteAsync(console, json ? RehearsalJson.Of(report) : RehearsalText.Of(report));
            return saved is null ? report.Verdict.ExitCode() : await SaveAsync(saved, report, console);
        }
    }

    private static async Task<int> SaveAsync(FileStream file, RehearsalReport report, RehearsalConsole console)
    {
        try
        {
            if (file.CanSeek)
                file.SetLength(0);
            await file.WriteAsync(Encoding.UTF8.GetBytes(RehearsalJson.Of(report)));
            return report.Verdict.ExitCode();
        }
        catch (Exception failure) when (IsOfFile(failure))
        {
            return await CannotSaveAsync(console, file.Name, failure);
        }
    }

    private static bool IsOfFile(Exception failure) => failure is IOException or UnauthorizedAccessException or ArgumentException;

    private static async Task<int> CannotSaveAsync(RehearsalConsole console, string path, Exception failure)
    {
        await console.Error.WriteLineAsync($"calgateway: cannot save to {path}: {failure.Message}");
        return UsageError;
    }

    /// <summary>Null where there is no such route.</summary>
    private static async Task<RehearsalReport?> RehearseAsync(Launch launch, string name, string version, RehearsalConsole console, CancellationToken cancellation)
    {
        var review = SettingsReview.Of(launch);
        if (review.Unread is { } unread)
            return RehearsalReport.Impossible(name, version, Clause(unread));
        if (review.Revision is not { } revision)
            return RehearsalReport.Impossible(name, version, $"{review.File.Name} would be refused; \"calgateway check\" says why");
        if (RehearsedRoute.Find(revision, name) is not { } config)
        {
            await console.Error.WriteLineAsync($"calgateway: {review.File.Name} has no route \"{Redaction.Clean(name, 64)}\"; there are {Sentence.List([.. revision.Routes.Select(route => route.RouteId).Order(StringComparer.Ordinal)])}.");
            return null;
        }

        if (RehearsedRoute.Of(revision, config, version, out var why) is not { } route)
            return RehearsalReport.Impossible(config.RouteId, version, why, ApiVersionPin.Of(config)?.Version);
        if (StartupException.Try(() => launch.Credential.Read(), out var fault) is not { } key)
            return RehearsalReport.Impossible(config.RouteId, version, Clause(fault!), route.Pinned);

        using var connection = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5), ActivityHeadersPropagator = new UpstreamPropagator(static () => false),
        });
        using var quota = new QuotaLimiter(() => revision.Options<UpstreamOptions>().Quota, metrics: null, TimeProvider.System);
        var signature = new Signature(key);
        var upstream = new RehearsalUpstream(new Uri(revision.CalComAddresses.First()), signature, (request, stopping) => SendAsync(connection, quota, signature, request, stopping));
        var client = new RehearsalClient(upstream, TimeProvider.System);
        var report = await new RehearsalRun(route, client, CalComCatalogue.Default, TimeProvider.System, console.Progress).ExecuteAsync(cancellation);
        console.Progress("");
        return report;
    }

    /// <summary>Uses only quota that callers of a running gateway do not need: the key may be shared with one.</summary>
    private static async Task<SentRead> SendAsync(
        HttpMessageInvoker connection, QuotaLimiter quota, Signature signature, HttpRequestMessage request, CancellationToken cancellation)
    {
        var demand = new UpstreamDemand(RequestClass.Curiosity, signature, Consumer: null, Share: 1, request.RequestUri!.GetLeftPart(UriPartial.Authority), MayWait: false);
        using var lease = (QuotaLease)await quota.AcquireAsync(demand, permitCount: 1, cancellation);
        if (!lease.IsAcquired)
            return new SentRead(null, $"only {quota.Read(signature)?.Left ?? 0} requests are left of the key's quota, and those are for the callers");

        lease.Sent();
        var answer = await connection.SendAsync(request, cancellation);
        lease.Answered(answer);
        return new SentRead(answer, null);
    }

    private static string Clause(string sentence) => sentence.TrimEnd('.');

    private static async Task WriteAsync(RehearsalConsole console, string text)
    {
        try
        {
            await console.Out.WriteAsync(text);
        }
        catch (IOException)
        {
            // The reader of a pipe, such as head, has closed it. The exit code still tells the verdict.
        }
    }
}

/// <summary>Where the rehearsal's output goes.</summary>
/// <param name="Progress">Receives the running step; an empty text at the end.</param>
internal sealed record RehearsalConsole(TextWriter Out, TextWriter Error, Action<string> Progress)
{
    /// <summary>The console of this process: progress on standard error, and only on a terminal.</summary>
    public static RehearsalConsole Standard() => new(
        Console.Out, Console.Error,
        Console.IsErrorRedirected || Environment.GetEnvironmentVariable("TERM") == "dumb"
            ? static _ => { }
            : static step => Console.Error.Write($"\r\e[K{(step.Length == 0 ? "" : $"{step} …")}"));
}
