using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.Management;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Diagnosis;

/// <summary>What Cal.com refuses although nothing was signed is between it and the caller.</summary>
public sealed class CallersRefusalTests
{
    /// <summary>What the settings of these tests are warned of before any request.</summary>
    private static readonly string[] OfTheSettings = ["settings-warning", "pin-doubted"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/calcom/v2/bookings", 401, 401, "unauthenticated")]
    [InlineData("POST", "/calcom/v2/bookings", 403, 403, "forbidden")]
    [InlineData("POST", "/calcom/v2/bookings", 498, 401, "unauthenticated")]
    [InlineData("GET", "/calcom/v2/slots?eventTypeId=1&start=2026-01-01&end=2026-01-02", 401, 401, "unauthenticated")]
    [InlineData("GET", "/calcom/v2/slots?eventTypeId=1&start=2026-01-01&end=2026-01-02", 403, 403, "forbidden")]
    public async Task A_strangers_refusal_is_the_strangers_own_and_raises_no_alarm(string method, string path, int upstream, int status, string code)
    {
        await using var pair = await Pair.StartAsync(settings: AccessSettings.Anonymous());
        using var meters = new MeterRecorder(pair.Gateway);
        pair.Sandbox.Faults.Add(Fault.Status(upstream, body: Envelope("This event type wants its bookers to log in")));

        using var answer = await pair.SendAsync(method, path, method == "POST" ? "{}" : null);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.Empty(pair.Sandbox.Requests.All[^1].Header("Authorization"));
        Assert.Contains("This event type wants its bookers to log in", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.Equal(upstream, (int?)problem["upstream"]!["status"]);
        Assert.Equal(status == 401, answer.Headers.Contains("WWW-Authenticate"));
        await NothingIsWrongAsync(pair.Gateway, meters);
    }

    [Theory]
    [InlineData(401, "text/html", "<html>Log in first</html>")]
    [InlineData(403, "text/html", "<html>Attention required</html>")]
    [InlineData(403, "application/json", "{\"message\":\"not for everybody\"}")]
    [InlineData(401, "application/json", "")]
    public async Task Words_that_are_not_Cal_coms_make_it_nobody_elses_refusal(int status, string type, string body)
    {
        await using var pair = await Pair.StartAsync(settings: AccessSettings.Anonymous());
        using var meters = new MeterRecorder(pair.Gateway);
        pair.Sandbox.Faults.Add(Fault.Status(status, body: body, contentType: type));

        using var answer = await pair.SendAsync("POST", "/calcom/v2/bookings", "{}");
        var problem = await answer.ReadProblemAsync();

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 401 ? "unauthenticated" : "forbidden", (string?)problem["code"]);
        Assert.Equal(body.Contains("everybody", StringComparison.Ordinal), ((string?)problem["detail"])!.Contains("not for everybody", StringComparison.Ordinal));
        await NothingIsWrongAsync(pair.Gateway, meters);
    }

    [Theory]
    [InlineData("cal_live_0123456789abcdef0123456789abcdef", 401)]
    [InlineData("the-gateways-own-key", 403)]
    public async Task Cal_coms_words_are_quoted_without_keys(string secret, int status)
    {
        await using var pair = await Pair.StartAsync(credential: "the-gateways-own-key", settings: AccessSettings.Anonymous());
        pair.Sandbox.Faults.Add(Fault.Status(status, body: Envelope($"nobody has {secret}")));

        using var answer = await pair.SendAsync("POST", "/calcom/v2/bookings", "{}");
        var problem = await answer.ReadProblemAsync();

        Assert.Contains("nobody has [redacted]", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain(secret, problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_cached_route_a_refusal_of_what_was_not_signed_is_everybodys_own_as_well()
    {
        var settings = AccessSettings.Anonymous().Replace("{\"CalApiVersion\":\"2024-06-14\"}", "{\"CalNotFound\":\"All\"}", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: settings);
        using var meters = new MeterRecorder(pair.Gateway);
        pair.Sandbox.Faults.Add(Fault.Status(401, body: Envelope("log in")));

        using var first = await pair.GetAsync("/calcom/v2/event-types?username=owner");
        using var second = await pair.GetAsync("/calcom/v2/event-types?username=owner");

        Assert.Equal("unauthenticated", (string?)(await first.ReadProblemAsync())["code"]);
        Assert.Equal("unauthenticated", (string?)(await second.ReadProblemAsync())["code"]);
        await NothingIsWrongAsync(pair.Gateway, meters);
    }

    [Theory]
    [InlineData("ApiKey")]
    [InlineData("Loopback")]
    public async Task What_was_signed_in_the_query_counts_as_signed(string mode)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { V1Works = true }, Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, credential: "another-key", settings: mode == "ApiKey" ? AccessSettings.ApiKey() : GatewayFixture.ShippedSettings);
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);

        using var answer = await caller.GetAsync("/calcom/v1/event-types", Cancellation);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal((502, "credential-rejected"), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.Contains("the gateway's own credential", (string?)problem["detail"], StringComparison.Ordinal);
        Assert.DoesNotContain("CalApiVersion", problem.ToJsonString(), StringComparison.Ordinal);
        await gateway.ConcernsWhenAsync("credential-rejected");
    }

    [Fact]
    public async Task A_refusal_of_another_cluster_passes_and_says_nothing_of_the_key()
    {
        await using var other = ScriptedUpstream.Saying("HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\nConnection: close\r\n\r\nmine");
        await using var pair = await Pair.StartAsync(settings: OtherCluster.In(AccessSettings.Anonymous(), other.Address));
        using var meters = new MeterRecorder(pair.Gateway);

        using var answer = await pair.GetAsync("/other/x");

        Assert.Equal((401, "mine"), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancellation)));
        await NothingIsWrongAsync(pair.Gateway, meters);
    }

    /// <summary>The request has been counted, and nothing that an operator would be told of came with it.</summary>
    private static async Task NothingIsWrongAsync(GatewayFixture gateway, MeterRecorder meters)
    {
        var status = await gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! > 0, "the request is counted");
        Assert.All(status["concerns"]!.AsArray(), concern => Assert.Contains((string?)concern!["code"], OfTheSettings));
        Assert.NotEqual("failing", (string?)status["state"]);
        Assert.DoesNotContain(meters.Names, name => name.StartsWith("calgateway.problems", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Level >= LogLevel.Warning && line.Category.Contains("Diagnosis", StringComparison.Ordinal));
    }

    private static string Envelope(string message) =>
        new JsonObject { ["status"] = "error", ["error"] = new JsonObject { ["code"] = "UnauthorizedException", ["message"] = message } }.ToJsonString();
}
