using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>Every setting of a cluster does what YARP documents.</summary>
public sealed class YarpClusterTests
{
    [Theory]
    [InlineData("FirstAlphabetical", new[] { 6, 0 })]
    [InlineData("RoundRobin", new[] { 3, 3 })]
    [InlineData("LeastRequests", null)]
    [InlineData("Random", null)]
    [InlineData("PowerOfTwoChoices", null)]
    public async Task LoadBalancingPolicy_spreads_requests_over_Destinations(string policy, int[]? each)
    {
        await using var second = ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK"));
        await using var scene = await OpenAsync(cluster =>
        {
            cluster["LoadBalancingPolicy"] = policy;
            cluster["Destinations"]!["b"] = new JsonObject { ["Address"] = second.Address.AbsoluteUri };
        });

        for (var count = 0; count < 6; count++)
            Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(RouteScene.Other)).Status);

        int[] seen = [scene.Upstream.Heads.Count, second.Heads.Count];
        Assert.Equal(6, seen.Sum());
        if (each is not null)
            Assert.Equal(each, seen);
    }

    [Fact]
    public async Task A_destinations_Host_and_the_path_of_its_Address_are_sent()
    {
        var upstream = ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK"));
        await using var scene = await OpenAsync(
            cluster =>
            {
                cluster["LoadBalancingPolicy"] = "FirstAlphabetical";
                cluster["Destinations"]!["0"] = new JsonObject { ["Address"] = upstream.Address + "below/this", ["Host"] = "intranet.test" };
            },
            upstream: upstream);

        await scene.GetAsync(RouteScene.Other);

        Assert.Equal(["intranet.test"], scene.Sent["Host"]);
        Assert.Equal("GET /below/this/v2/me HTTP/1.1", scene.Line);
    }

    [Theory]
    [InlineData("ConsecutiveFailuresHealthPolicy.Threshold", "two")]
    [InlineData("ConsecutiveFailuresHealthPolicy.Threshold", "0")]
    [InlineData("TransportFailureRateHealthPolicy.RateLimit", "30%")]
    [InlineData("TransportFailureRateHealthPolicy.RateLimit", "2")]
    public async Task Metadata_that_a_health_policy_could_not_read_is_refused(string name, string value)
    {
        var settings = RouteScene.Settings("");
        settings["ReverseProxy"]!["Clusters"]!["other"]!["Metadata"] = new JsonObject { ["Owner"] = "the team", [name] = value };

        var (exit, output, _) = await CheckTests.CheckAsync(settings.ToJsonString());

        Assert.Equal(1, exit);
        Assert.Contains($"\"{name}\" must be a", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Active_health_checks_ask_the_Health_address_at_Path_and_Query_and_leave_out_what_fails()
    {
        await using var health = ScriptedUpstream.Start(exchange => exchange.SendAsync("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        await using var scene = await OpenAsync(cluster =>
        {
            cluster["Destinations"]!["a"]!["Health"] = health.Address.AbsoluteUri;
            cluster["Metadata"] = new JsonObject { ["ConsecutiveFailuresHealthPolicy.Threshold"] = "1" };
            cluster["HealthCheck"] = JsonNode.Parse(
                """
                {
                  "AvailableDestinationsPolicy": "HealthyAndUnknown",
                  "Active": { "Enabled": true, "Interval": "00:00:01", "Timeout": "00:00:05", "Policy": "ConsecutiveFailures", "Path": "/healthy", "Query": "?probe=1" }
                }
                """);
        });

        await Eventually.TrueAsync(async () => (await scene.GetAsync(RouteScene.Other)).Status == HttpStatusCode.BadGateway, "the destination is left out");
        Assert.StartsWith("GET /healthy?probe=1 HTTP/1.1", health.Heads[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebProxy_is_asked_in_place_of_the_destination()
    {
        await using var proxy = ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK"));
        await using var scene = await OpenAsync(cluster => cluster["HttpClient"] = new JsonObject { ["WebProxy"] = new JsonObject { ["Address"] = proxy.Address.AbsoluteUri } });

        await scene.GetAsync(RouteScene.Other);

        Assert.Empty(scene.Upstream.Heads);
        Assert.StartsWith($"GET {scene.Upstream.Address}v2/me HTTP/1.1", Assert.Single(proxy.Heads), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", "caf\u00c3\u00a9")]
    [InlineData("latin1", "caf\u00e9")]
    public async Task RequestHeaderEncoding_says_how_letters_beyond_ASCII_are_sent(string encoding, string octets)
    {
        await using var scene = await OpenAsync(
            cluster => cluster["HttpClient"] = new JsonObject { ["RequestHeaderEncoding"] = encoding }, """{ "RequestHeader": "X-Name", "Set": "caf\u00e9" }""");

        await scene.GetAsync(RouteScene.Other);

        Assert.Equal([octets], scene.Sent["X-Name"]);
    }

    [Theory]
    [InlineData("1.0", "HTTP/1.0")]
    [InlineData("1.1", "HTTP/1.1")]
    public async Task HttpRequest_Version_is_the_one_that_is_spoken(string version, string told)
    {
        await using var scene = await OpenAsync(
            cluster => cluster["HttpRequest"] = new JsonObject { ["Version"] = version, ["VersionPolicy"] = "RequestVersionExact", ["AllowResponseBuffering"] = true });

        await scene.GetAsync(RouteScene.Other);

        Assert.EndsWith(told, scene.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MaxConnectionsPerServer_bounds_how_many_are_asked_at_once()
    {
        var open = new TaskCompletionSource();
        await using var scene = await OpenAsync(cluster => cluster["HttpClient"] = new JsonObject { ["MaxConnectionsPerServer"] = 1 }, upstream: ScriptedUpstream.Start(async exchange =>
        {
            await open.Task.WaitAsync(exchange.Stopping);
            await exchange.SendAsync(RouteScene.Answer("", "200 OK"));
        }));

        var first = scene.GetAsync(RouteScene.Other);
        var second = scene.GetAsync(RouteScene.Other);
        await Eventually.TrueAsync(() => scene.Upstream.Heads.Count == 1, "one request has come");
        Assert.Single(scene.Upstream.Heads);
        open.SetResult();

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), ((await first).Status, (await second).Status));
    }

    [Theory]
    [InlineData("""{ "HttpClient": { "ResponseHeaderEncoding": "utf-8" } }""")]
    [InlineData("""{ "HealthCheck": { "Passive": { "Enabled": true, "Policy": "TransportFailureRate", "ReactivationPeriod": "00:00:20" } } }""")]
    [InlineData("""{ "HttpRequest": { "ActivityTimeout": "00:00:20", "VersionPolicy": "RequestVersionOrLower" } }""")]
    [InlineData("""{ "Metadata": { "TransportFailureRateHealthPolicy.RateLimit": "0.5" } }""")]
    public async Task The_rest_is_taken_and_requests_go_through(string settings)
    {
        await using var scene = await OpenAsync(cluster =>
        {
            foreach (var (name, value) in JsonNode.Parse(settings)!.AsObject())
                cluster[name] = value!.DeepClone();
        });

        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(RouteScene.Other)).Status);
    }

    private static Task<RouteScene> OpenAsync(Action<JsonObject> change, string transforms = "", ScriptedUpstream? upstream = null)
    {
        var settings = RouteScene.Settings(transforms);
        change(settings["ReverseProxy"]!["Clusters"]!["other"]!.AsObject());
        return RouteScene.OpenAsync(upstream ?? ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);
    }
}
