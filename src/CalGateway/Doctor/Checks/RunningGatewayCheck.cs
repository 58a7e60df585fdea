using System.Text.Json;
using CalGateway.Envelope;
using CalGateway.Journey;

namespace CalGateway.Doctor.Checks;

/// <summary>Does a gateway run here, is it healthy, does it serve these settings, and what does its cache hold?</summary>
internal sealed class RunningGatewayCheck : ICheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public string Title => "Running gateway";

    public async Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation)
    {
        if (OwnAddress.Among(context.Addresses) is not { } address)
            return CheckResult.Skipped($"There is no port to ask at in {string.Join(", ", context.Addresses)}.");

        using var client = address.CreateClient(Timeout);
        try
        {
            var (live, isOurs, revision) = await HealthAsync(client, "/healthz/live", cancellation);
            if (!isOurs)
                return CheckResult.Doubtful($"What answers at {address} is no CalGateway.", "Start the gateway elsewhere with --urls, or stop what listens there.");

            var (ready, _, _) = await HealthAsync(client, "/healthz/ready", cancellation);
            var status = await StatusAsync(context, cancellation);
            return ResultOf(live, ready, revision, context.Revision?.Id, status) with
            {
                Details = [$"health: {(live ? "live" : "not live")}, {(ready ? "ready" : "not ready")}", .. status?.CacheLines ?? ["cache: not told, for its management listener does not answer"]],
            };
        }
        catch (HttpRequestException)
        {
            return CheckResult.Skipped($"None runs at {address}.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return CheckResult.Doubtful($"What listens at {address} does not answer within {Timeout.TotalSeconds:0} s.", "If it is the gateway, see its log.");
        }
    }

    private static async Task<(bool IsWell, bool IsOurs, string? Revision)> HealthAsync(HttpClient client, string path, CancellationToken cancellation)
    {
        using var answer = await client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var revision = answer.Headers.TryGetValues(GatewayHeaders.Revision, out var values) ? values.First() : null;
        return (answer.IsSuccessStatusCode, revision is not null, revision);
    }

    /// <summary>Null where the management listener is switched off, cannot be reached or is something else.</summary>
    private static async Task<RunningStatus?> StatusAsync(DoctorContext context, CancellationToken cancellation)
    {
        if (context.ManagementUrl is not { Length: > 0 } url || OwnAddress.Among([url]) is not { } address)
            return null;

        using var client = address.CreateClient(Timeout);
        try
        {
            return RunningStatus.Read(await client.GetByteArrayAsync("/status", cancellation));
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static CheckResult ResultOf(bool live, bool ready, string? running, string? expected, RunningStatus? status) => status switch
    {
        _ when !live || !ready => CheckResult.Bad($"It runs, with revision {running}, but does not call itself {(live ? "ready" : "live")}.", "See its log and /status."),
        _ when expected is null => CheckResult.Doubtful($"It runs, and serves revision {running}: the last settings that were good.", null),
        _ when running != expected => CheckResult.Doubtful(
            $"It runs, but serves revision {running}, and this file makes {expected}.",
            status?.LastEditRefused is { } why
                ? $"It refused the last edit: {why}"
                : "It was started with another file, other variables or another Cal.com; see \"settingsFile\" on /status and /config."),
        { Warnings: > 0 and var warnings } => CheckResult.Doubtful($"It runs, and serves revision {running}, with {warnings} {(warnings == 1 ? "warning" : "warnings")}.", "See /status."),
        _ => CheckResult.Good($"It runs, is well, and serves revision {running}, which is this file's."),
    };
}
