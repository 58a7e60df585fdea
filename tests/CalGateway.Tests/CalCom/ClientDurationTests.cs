using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class ClientDurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-client-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_to_Cal_com_are_told_as_the_conventions_have_it_once_and_in_one_metric_with_those_to_others()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var other = ScriptedUpstream.Saying("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        await using var gateway = GatewayProcess.StartBefore(sandbox, settings: await SettingsWithAsync(other.Address)); // alone, for meters of one name are one to OpenTelemetry
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
        using var scraper = new HttpClient { BaseAddress = gateway.ManagementAddress };

        foreach (var path in new[] { "/calcom/v2/me", "/calcom/v2/me", "/calcom/v2/bookings/none", "/own/thing" })
            (await caller.GetAsync(path, Cancellation)).Dispose();

        var told = "";
        await Eventually.TrueAsync(
            async () =>
            {
                told = await scraper.GetStringAsync("/metrics", Cancellation);
                return Count(told, sandbox.BaseAddress) == 3 && Count(told, other.Address) == 1;
            },
            "every request is told once");
        Assert.Equal(2, Count(told, sandbox.BaseAddress, "http_response_status_code=\"200\""));
        Assert.Equal(1, Count(told, sandbox.BaseAddress, "http_response_status_code=\"404\"", "error_type=\"404\""));
        Assert.Single(told.Split('\n'), line => line == "# TYPE http_client_request_duration_seconds histogram");
    }

    [Fact]
    public async Task A_request_without_an_answer_is_told_by_why()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = GatewayProcess.StartBefore(sandbox);
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
        using var scraper = new HttpClient { BaseAddress = gateway.ManagementAddress };
        await sandbox.StopAsync();

        (await caller.GetAsync("/calcom/v2/me", Cancellation)).Dispose();

        await Eventually.TrueAsync(
            async () => Exposition.Sum(
                await scraper.GetStringAsync("/metrics", Cancellation), "http_client_request_duration_seconds_count", "error_type=\"connection_error\"") == 2,
            "both attempts are told");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The shipped settings, and a cluster of the operator's own.</summary>
    private async Task<string> SettingsWithAsync(Uri other)
    {
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings)!;
        settings["ReverseProxy"]!["Routes"]!["own"] = new JsonObject { ["ClusterId"] = "own", ["Match"] = new JsonObject { ["Path"] = "/own/{**rest}" } };
        settings["ReverseProxy"]!["Clusters"]!["own"] = new JsonObject
        {
            ["Destinations"] = new JsonObject { ["only"] = new JsonObject { ["Address"] = other.AbsoluteUri } },
        };
        var path = Path.Combine(_folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(path, settings.ToJsonString(), Cancellation);
        return path;
    }

    private static double Count(string told, Uri server, params string[] labels) => Exposition.Sum(
        told, "http_client_request_duration_seconds_count",
        [
            $"server_address=\"{server.Host}\"", $"server_port=\"{server.Port}\"", "url_scheme=\"http\"", "http_request_method=\"GET\"",
            "network_protocol_version=\"1.1\"", .. labels,
        ]);
}
