using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

/// <summary>What went wrong at an address, or at a version, that an edit has replaced: the status page is done with it at once, without a further request.</summary>
public sealed class EditedAwayTests
{
    private const string Dead = "http://127.0.0.1:1";

    private static readonly Dictionary<string, string?> OfTheFile = new()
    {
        ["CALCOM_BASE_URL"] = null,
        ["CalGateway__Upstream__Circuit__MinimumThroughput"] = "2",
        ["CalGateway__Upstream__Circuit__BreakDuration"] = "00:05:00",
    };

    [Theory]
    [InlineData("its address is edited")]
    [InlineData("it is taken out")]
    public async Task A_failing_cluster_is_no_concern_any_more_when(string how)
    {
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Saying(RouteScene.Answer("", "500 Internal Server Error")), RouteScene.Settings(""));
        await scene.GetAsync(RouteScene.Other);
        await scene.Gateway.ConcernsWhenAsync("cluster-down", "pin-doubted");

        scene.Gateway.Edit(text =>
        {
            var settings = JsonNode.Parse(text)!;
            var (routes, clusters) = (settings["ReverseProxy"]!["Routes"]!.AsObject(), settings["ReverseProxy"]!["Clusters"]!.AsObject());
            if (how == "its address is edited")
                clusters["other"]!["Destinations"]!["a"]!["Address"] = "http://127.0.0.1:2";
            else
                Assert.True(routes.Remove("other") && clusters.Remove("other"));
            return settings.ToJsonString();
        });

        await scene.Gateway.ConcernsWhenAsync("pin-doubted");
    }

    [Fact]
    public async Task A_failing_cluster_stays_a_concern_when_something_else_is_edited()
    {
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Saying(RouteScene.Answer("", "500 Internal Server Error")), RouteScene.Settings(""));
        await scene.GetAsync(RouteScene.Other);
        await scene.Gateway.ConcernsWhenAsync("cluster-down", "pin-doubted");

        scene.Gateway.Edit(text => text.Replace("2024-08-13", "2026-02-25", StringComparison.Ordinal));

        var status = await scene.Gateway.StatusWhenAsync(status => status["history"]!.AsArray().Count == 2, "the edit is in force");
        Assert.Contains(status["concerns"]!.AsArray(), concern => (string?)concern!["code"] == "cluster-down");
    }

    [Fact]
    public async Task A_dead_address_of_Cal_com_is_no_concern_any_more_when_another_is_in_the_file_nor_is_the_circuit_that_it_has_opened()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: At(Dead), environment: OfTheFile);
        await FailAsync(gateway);
        await gateway.ConcernsWhenAsync("upstream-down", "circuit-open");
        Assert.Contains("server_port=\"1\"", await CircuitsAsync(gateway), StringComparison.Ordinal);

        gateway.Edit(text => text.Replace(Dead, sandbox.BaseAddress.AbsoluteUri, StringComparison.Ordinal));

        await gateway.ConcernsWhenAsync();
        Assert.Null((await gateway.StatusAsync())["upstream"]!["lastFailure"]);
        await Eventually.TrueAsync(async () => !(await CircuitsAsync(gateway)).Contains("server_port=\"1\"", StringComparison.Ordinal), "its circuit is not read any more");
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Old_lists_of_a_former_address_are_no_concern_any_more()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var next = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var policy = "CalGateway__Cache__Policies__event-types__";
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: At(sandbox.BaseAddress.AbsoluteUri), environment: new Dictionary<string, string?>
        {
            ["CALCOM_BASE_URL"] = null, [policy + "Fresh"] = "00:00:01", [policy + "StaleWhileRevalidate"] = "00:00:00",
        });
        using var caller = gateway.CreateClient();
        async Task<string> AskAsync()
        {
            using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
            return answer.Headers.GetValues("Cache-Status").Single();
        }

        await AskAsync();
        sandbox.Faults.Add(Fault.Status(503));
        await Eventually.TrueAsync(async () => (await AskAsync()).Contains("fwd=stale", StringComparison.Ordinal), "an old list bridges the outage");
        await gateway.ConcernsWhenAsync("upstream-down", "stale-served");

        gateway.Edit(text => text.Replace(sandbox.BaseAddress.AbsoluteUri, next.BaseAddress.AbsoluteUri, StringComparison.Ordinal));

        await gateway.ConcernsWhenAsync();
    }

    [Theory]
    [InlineData("the address")]
    [InlineData("the setting that has requests counted")]
    public async Task A_quota_that_is_used_up_is_no_concern_any_more_and_refuses_nothing_after_an_edit_of(string what)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var next = await SandboxHost.StartAsync(new SandboxOptions { ApiKey = sandbox.ApiKey }, TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: At(sandbox.BaseAddress.AbsoluteUri), environment: OfTheFile);
        sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromMinutes(9), times: 1));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(gateway, "/calcom/v2/me"));
        await gateway.ConcernsWhenAsync("quota-exhausted");

        gateway.Edit(text =>
        {
            var settings = JsonNode.Parse(text.Replace(sandbox.BaseAddress.AbsoluteUri, (what == "the address" ? next : sandbox).BaseAddress.AbsoluteUri, StringComparison.Ordinal))!;
            if (what != "the address")
                settings["CalGateway"]!["Upstream"] = JsonNode.Parse("""{ "Quota": { "Enabled": false } }""");
            return settings.ToJsonString();
        });

        await gateway.ConcernsWhenAsync();
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, "/calcom/v2/me"));
    }

    [Theory]
    [InlineData("/calcom/v2/me")]
    [InlineData("/calcom/v2/event-types")]
    public async Task A_key_that_another_Cal_com_has_rejected_is_no_concern_any_more_when_the_right_one_is_in_the_file(string path)
    {
        await using var wrong = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var right = await SandboxHost.StartAsync(new SandboxOptions { ApiKey = "cal_test_of_the_other_region" }, TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(wrong, credential: right.ApiKey, settings: At(wrong.BaseAddress.AbsoluteUri), environment: OfTheFile);
        Assert.Equal(HttpStatusCode.BadGateway, await AskAsync(gateway, path));
        await gateway.ConcernsWhenAsync("credential-rejected");

        gateway.Edit(text => text.Replace("2024-08-13", "2026-02-25", StringComparison.Ordinal));
        var status = await gateway.StatusWhenAsync(status => status["history"]!.AsArray().Count == 2, "an edit of something else is in force");
        Assert.Contains(status["concerns"]!.AsArray(), concern => (string?)concern!["code"] == "credential-rejected");

        gateway.Edit(text => text.Replace(wrong.BaseAddress.AbsoluteUri, right.BaseAddress.AbsoluteUri, StringComparison.Ordinal));
        await gateway.StatusWhenAsync(status => status["concerns"]!.AsArray().All(concern => (string?)concern!["code"] != "credential-rejected"), "it is no concern any more");
        Assert.Equal(HttpStatusCode.OK, await AskAsync(gateway, path));
    }

    [Fact]
    public async Task An_open_circuit_is_no_concern_any_more_when_it_is_switched_off()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: At(Dead), environment: OfTheFile);
        await FailAsync(gateway);
        await gateway.ConcernsWhenAsync("upstream-down", "circuit-open");

        gateway.Edit(text =>
        {
            var settings = JsonNode.Parse(text)!;
            settings["CalGateway"]!["Upstream"] = JsonNode.Parse("""{ "Circuit": { "Enabled": false } }""");
            return settings.ToJsonString();
        });

        await gateway.ConcernsWhenAsync("upstream-down");
        Assert.Equal("closed", (string?)(await gateway.StatusAsync())["upstream"]!["protection"]!["circuit"]);
        await Eventually.TrueAsync(async () => !(await CircuitsAsync(gateway)).Contains("server_port=\"1\"} 1", StringComparison.Ordinal), "its circuit is read as closed");
    }

    [Fact]
    public async Task An_older_shape_is_no_concern_any_more_when_the_pin_is_edited()
    {
        var settings = GatewayFixture.ShippedSettings.ReplaceFirst("\"CalApiVersion\": \"2024-06-14\"", "\"CalApiVersion\": \"2031-01-01\", \"Unverified\": \"true\"");
        await using var pair = await Pair.StartAsync(settings: settings);
        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        await pair.Gateway.ConcernsWhenAsync("shape-mismatch");

        pair.Gateway.Edit(_ => GatewayFixture.ShippedSettings);

        await pair.Gateway.ConcernsWhenAsync();
    }

    private static string At(string address)
    {
        var options = new System.Text.Json.JsonDocumentOptions { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings, documentOptions: options)!;
        settings["ReverseProxy"]!["Clusters"]!["calcom"]!["Destinations"]!.AsObject().First().Value!["Address"] = address;
        return settings.ToJsonString();
    }

    private static async Task<HttpStatusCode> AskAsync(GatewayFixture gateway, string path)
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task FailAsync(GatewayFixture gateway)
    {
        using var caller = gateway.CreateClient();
        for (var time = 0; time < 4; time++)
            (await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken)).Dispose();
    }

    /// <summary>What is read is kept for a moment for those who read again.</summary>
    private static async Task<string> CircuitsAsync(GatewayFixture gateway)
    {
        using var client = new HttpClient { BaseAddress = gateway.ManagementAddress };
        var lines = (await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n');
        return string.Join('\n', lines.Where(line => line.StartsWith("calgateway_upstream_circuit_state{", StringComparison.Ordinal)));
    }
}
