using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CalGateway.Doctor.Checks;

/// <summary>Does a gateway run here, is it well, and does it serve this file?</summary>
internal sealed class RunningGatewayCheck : ICheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string Title => "Running gateway";

    public async Task<CheckResult> ExamineAsync(Examination examination, CancellationToken cancellation)
    {
        if (examination.Launch.Sandbox)
            return CheckResult.Skipped("Not asked: the sandbox is this doctor's own.");
        if (examination.Revision is not { Options.Management.Url: { Length: > 0 } url } revision)
            return CheckResult.Skipped("Not asked: the management listener is switched off, or the settings are refused.");

        using var client = new HttpClient { BaseAddress = new Uri(url), Timeout = Patience };
        try
        {
            var status = await client.GetFromJsonAsync<JsonNode>("/status", cancellation);
            return Judge((string?)status?["state"], (string?)status?["revision"], revision.Id, url);
        }
        catch (HttpRequestException failure) when (failure.StatusCode is null)
        {
            return CheckResult.Skipped($"None answers at {url}.");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return CheckResult.Doubtful($"What answers at {url} is no CalGateway.", "Check CalGateway:Management:Url.");
        }
    }

    private static CheckResult Judge(string? state, string? running, string expected, string url) => (state, running == expected) switch
    {
        (null, _) => CheckResult.Doubtful($"What answers at {url} is no CalGateway.", "Check CalGateway:Management:Url."),
        ("ok", true) => CheckResult.Good($"It runs, is well, and serves revision {running}."),
        (_, true) => CheckResult.Doubtful($"It runs and serves revision {running}, with warnings.", $"See {url.TrimEnd('/')}/status."),
        _ => CheckResult.Doubtful(
            $"It runs, but serves revision {running}, not {expected}.",
            $"It was started with another file or other variables, or refused the last edit: see {url.TrimEnd('/')}/status."),
    };
}
