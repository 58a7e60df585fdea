using System.Net;
using CalGateway.Management;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

public sealed class ManagementTests
{
    [Theory]
    [InlineData("/status")]
    [InlineData("/config")]
    public async Task Nothing_of_it_answers_on_the_public_listener(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        var problem = await caller.GetFromJsonProblemAsync(path);
        Assert.Equal("no-route", (string?)problem["code"]);
    }

    [Theory]
    [InlineData("Host", "rebound.example")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("X-Forwarded-For", "203.0.113.9")]
    [InlineData("Forwarded", "for=203.0.113.9;host=localhost")]
    [InlineData("X-Real-IP", "203.0.113.9")]
    [InlineData("X-Forwarded-Host", "operators.example")]
    [InlineData("Via", "1.1 proxy.example")]
    public async Task Neither_a_foreign_web_page_nor_a_proxy_lends_the_loopback_address_to_others(string header, string value)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.ManagementAddress, "/config"));
        request.Headers.TryAddWithoutValidation(header, value);

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("http://localhost:5081", true)]
    [InlineData("HTTP://[::1]:5081/", true)]
    [InlineData("http://*:5081", true)]
    [InlineData("https://localhost:5081", false)]
    [InlineData("http://localhost:5081/ops", false)]
    [InlineData("localhost:5081", false)]
    public void It_listens_without_tls_on_an_address_and_nothing_else(string url, bool isOne) =>
        Assert.Equal(isOne, !new ManagementOptions { Url = url }.Validate().Any());

    [Theory]
    [InlineData("GET", "/explain?path=/calcom/v2/me&method=GE%20T", "A method is one word, such as GET or POST.\n")]
    [InlineData("GET", "/explain?path=/calcom/v2/me&method=%c3%a9", "A method is one word, such as GET or POST.\n")]
    [InlineData("GET", "/explain?path=/calcom/v2/me&method=%20", "A method is one word, such as GET or POST.\n")]
    [InlineData("GET", "/explain?path=/calcom/v2/me&method=%0a", "A method is one word, such as GET or POST.\n")]
    [InlineData("GET", "/explain", "Say which path is meant, as in /explain?method=GET&path=/calcom/v2/bookings.\n")]
    [InlineData("GET", "/explain?path=", "Say which path is meant, as in /explain?method=GET&path=/calcom/v2/bookings.\n")]
    [InlineData("POST", "/cache/evict", "Say which tag is to be evicted, as in /cache/evict?tag=event-types.\n")]
    [InlineData("POST", "/cache/evict?tag=", "Say which tag is to be evicted, as in /cache/evict?tag=event-types.\n")]
    public async Task A_question_that_lacks_something_is_told_what(string method, string target, string told)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var management = new HttpClient { BaseAddress = gateway.ManagementAddress };
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), target);

        using var answer = await management.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(told, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/explain?path=/calcom/v2/me")]
    [InlineData("/explain?path=/calcom/v2/me&method=")]
    public async Task What_is_explained_without_a_method_is_a_get(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        Assert.Equal("GET", (string?)(await gateway.AskManagementAsync(path))["method"]);
    }

    [Fact]
    public async Task An_eviction_by_tag_empties_the_cache_and_the_status_shows_it()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        using var management = new HttpClient { BaseAddress = gateway.ManagementAddress };
        await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        var status = await gateway.StatusWhenAsync(status => (int)status["cache"]!["policies"]![0]!["requests"]! == 2, "both are counted");
        Assert.Equal((1, 0.5), ((int)status["cache"]!["entries"]!, (double)status["cache"]!["policies"]![0]!["hitRatio"]!));

        using var evicted = await management.PostAsync("/cache/evict?tag=event-types", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, evicted.StatusCode);
        Assert.Equal(0, (int)(await gateway.StatusAsync())["cache"]!["entries"]!);

        await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        Assert.Equal(2, sandbox.Requests.Count);
    }

    [Fact]
    public async Task The_configuration_tells_where_each_value_came_from()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, environment: new Dictionary<string, string?> { ["CalGateway__Cache__Policies__event-types__Fresh"] = "00:00:07" });

        var settings = (await gateway.AskManagementAsync("/config"))["settings"]!.AsArray()
            .ToDictionary(setting => (string)setting!["key"]!, setting => ((string?)setting!["value"], (string)setting["source"]!));

        Assert.Equal(("00:00:07", "environment variable CalGateway__Cache__Policies__event-types__Fresh"), settings["CalGateway:Cache:Policies:event-types:Fresh"]);
        Assert.Equal(("Warn", "default"), settings["CalGateway:Pins"]);
        Assert.StartsWith("yarp.json:", settings["ReverseProxy:Routes:slots:Match:Path"].Item2, StringComparison.Ordinal);
        Assert.Equal("environment variable CALCOM_BASE_URL", settings["ReverseProxy:Clusters:calcom:Destinations:base-url:Address"].Item2);
    }

    /// <summary>Kestrel serves such a name on loopback alone.</summary>
    [Fact]
    public async Task A_name_below_localhost_is_this_machines_own()
    {
        var port = FreePort.Next();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, environment: new Dictionary<string, string?> { ["CalGateway__Management__Url"] = $"http://ops.localhost:{port}" });
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        foreach (var (host, status) in new[] { ("ops.localhost", HttpStatusCode.OK), ("localhost", HttpStatusCode.OK), ("ops.example", HttpStatusCode.Forbidden) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/status") { Headers = { Host = host } };
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal((host, status), (host, answer.StatusCode));
        }
    }

    [Fact]
    public async Task What_a_transform_writes_into_a_header_is_shown_nowhere()
    {
        const string Shipped = "{ \"CalApiVersion\": \"2024-08-13\" }]";
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, settings: GatewayFixture.ShippedSettings.Replace(Shipped, Shipped[..^1] + ", { \"RequestHeader\": \"X-Partner\", \"Set\": \"never-shown\" }]", StringComparison.Ordinal));

        gateway.Edit(text => text.Replace("never-shown", "never-shown-either", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["history"]!.AsArray().Count == 2, "the edit is in force");

        var said = (await gateway.StatusAsync()).ToJsonString() + (await gateway.AskManagementAsync("/config")).ToJsonString()
            + (await gateway.AskManagementAsync("/explain?path=/calcom/v2/me")).ToJsonString() + string.Join('\n', gateway.Logs.Lines.Select(line => line.Text));
        Assert.Contains("Set [redacted]", said, StringComparison.Ordinal);
        Assert.DoesNotContain("never-shown", said, StringComparison.Ordinal);
    }
}
