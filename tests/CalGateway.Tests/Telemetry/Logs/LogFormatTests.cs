using System.Text.Json.Nodes;
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
        await Eventually.TrueAsync(() => Records(gateway).Count(record => (string?)record["traceId"] == id) == 2, "the problem and the access are told");

        Assert.All(Records(gateway), record => Assert.Equal(
            ["time", "level", "category", "message"], record.AsObject().Select(member => member.Key).Take(4)));
        var access = Records(gateway).Single(record => ((string?)record["category"])!.EndsWith(".AccessLog", StringComparison.Ordinal));
        Assert.Equal(("information", "GET", "/calcom/v2/event-typos", 502, "rest", "unknown-endpoint"),
            ((string?)access["level"], (string?)Field(access, "method"), (string?)Field(access, "path"), (int?)Field(access, "status"), (string?)Field(access, "route"), (string?)Field(access, "problem")));
        Assert.True((double)Field(access, "milliseconds")! > 0);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$", (string?)access["time"]);
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

            await Eventually.TrueAsync(() => gateway.Output.Contains(" info  ConfigurationWatcher: yarp.json was edited", StringComparison.Ordinal), "the edit is told as text");
        }

        folder.Delete(recursive: true);
    }

    private static JsonNode? Field(JsonNode record, string name) => record["fields"]![name];

    private static List<JsonNode> Records(GatewayProcess gateway) => [.. gateway.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
}
