using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry.Logs;

/// <summary>What stands on standard output.</summary>
public sealed class LogFormatTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_a_program_reads_along_every_line_is_one_JSON_object()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = GatewayProcess.StartBefore(sandbox, new Dictionary<string, string> { ["CalGateway__Logs__Access__Enabled"] = "true" });
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };

        using var answer = await caller.GetAsync("/calcom/v2/event-typos?attendee=somebody", Cancellation);
        var id = answer.Headers.GetValues("X-Request-Id").Single();
        await Eventually.TrueAsync(() => Records(gateway).Count(record => (string?)Field(record, "TraceId") == id) == 2, "the problem and the access are logged");

        Assert.All(Records(gateway), record => Assert.All(
            ["Timestamp", "LogLevel", "Category", "Message"], (string member) => Assert.NotEmpty((string)record[member]!)));
        var access = Records(gateway).Single(record => ((string?)record["Category"])!.EndsWith(".AccessLog", StringComparison.Ordinal));
        Assert.Equal(("Information", "GET", "/calcom/v2/event-typos", 502, "rest", "unknown-endpoint"),
            ((string?)access["LogLevel"], (string?)Field(access, "Method"), (string?)Field(access, "Path"), (int?)Field(access, "Status"), (string?)Field(access, "Route"), (string?)Field(access, "Problem")));
        Assert.True((double)Field(access, "Milliseconds")! > 0);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$", (string?)access["Timestamp"]);
    }

    [Fact]
    public async Task Text_is_one_line_a_record_with_the_trace_id_of_its_request()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = GatewayProcess.StartBefore(
            sandbox, new Dictionary<string, string> { ["CalGateway__Logs__Access__Enabled"] = "true", ["CalGateway__Logs__Format"] = "Text" });
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };

        using var answer = await caller.GetAsync("/calcom/v2/event-typos%0d%0aforged", Cancellation);
        var id = answer.Headers.GetValues("X-Request-Id").Single();

        await Eventually.TrueAsync(() => gateway.Output.Contains($"trace={id}", StringComparison.Ordinal), "the access is logged");
        Assert.All(
            gateway.Output.Split('\n').Where(line => line.Contains(id, StringComparison.Ordinal)),
            line => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warn|fail|dbug): CalGateway\.", line));
        Assert.DoesNotContain(gateway.Output.Split('\n', '\r'), line => line.StartsWith("forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edit_turns_it_into_text()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var folder = Directory.CreateTempSubdirectory("calgateway-logs-");
        var settings = Path.Combine(folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(settings, GatewayFixture.ShippedSettings, Cancellation);
        await using (var gateway = GatewayProcess.StartBefore(sandbox, settings: settings))
        {
            await gateway.ServedAsync();
            await File.WriteAllTextAsync(settings, GatewayFixture.ShippedSettings.Replace(
                "\"CalGateway\": {", "\"CalGateway\": { \"Logs\": { \"Format\": \"Text\" },", StringComparison.Ordinal), Cancellation);

            await Eventually.TrueAsync(() => Regex.IsMatch(gateway.Output, "(?m)^[^{]* info: .*ConfigurationWatcher.* yarp.json was edited"), "the edit is told as text");
        }

        folder.Delete(recursive: true);
    }

    private static JsonNode? Field(JsonNode record, string name) => record["State"]?[name];

    private static List<JsonNode> Records(GatewayProcess gateway) => [.. gateway.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
