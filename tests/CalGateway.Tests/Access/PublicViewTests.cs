using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Access.View;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

public sealed class PublicViewTests
{
    private const string List = "/calcom/v2/event-types";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stranger_sees_two_and_a_consumer_three_each_from_the_cache_in_either_order(bool strangerFirst)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Both());
        using var stranger = gateway.CreateClient();
        using var consumer = Consumer(gateway);
        var (first, second) = strangerFirst ? (stranger, consumer) : (consumer, stranger);

        for (var round = 0; round < 3; round++)
        {
            await SeesAsync(first, first == stranger ? 2 : 3);
            await SeesAsync(second, second == stranger ? 2 : 3);
        }

        Assert.Equal(2, sandbox.Requests.Count);
    }

    [Fact]
    public async Task Nobody_is_given_the_others_list_when_many_ask_at_once()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Both());
        using var stranger = gateway.CreateClient();
        using var consumer = Consumer(gateway);

        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, async (turn, _) =>
            await SeesAsync(turn % 2 == 0 ? stranger : consumer, turn % 2 == 0 ? 2 : 3));

        Assert.Equal(2, sandbox.Requests.Count);
    }

    [Theory]
    [InlineData("2024-06-14")]
    [InlineData("2024-06-11")]
    public async Task Whatever_the_version_nothing_hidden_and_nothing_of_the_owners_is_in_it(string version)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var settings = AccessSettings.Anonymous().Replace("2024-06-14", version, StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var stranger = gateway.CreateClient();

        var text = await stranger.GetStringAsync(List, TestContext.Current.CancellationToken);

        Assert.Contains("15 Min Meeting", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("scheduleId", text, StringComparison.Ordinal);
        Assert.DoesNotContain("successRedirectUrl", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"data":[{"id":1,"hidden":"false"},{"id":2,"hidden":1},{"id":3,"hidden":false},{"id":4}]}""", "[3,4]")]
    [InlineData("""{"data":{"eventTypeGroups":[{"eventTypes":[{"id":1,"hidden":true},{"id":2,"hidden":false}]}]}}""", "[2]")]
    [InlineData("""{"data":[{"id":5,"hidden":false,"users":[{"name":"O","email":"o@example.com","metadata":{"a":1}}],"webhooks":[{"secret":"s"}]}]}""", "[5]")]
    [InlineData("""{"data":[{"id":6,"locations":[{"type":"link","link":"https://meet.example/private"},{"type":"phone","phone":"+1"}]}]}""", "[6]")]
    public void What_is_not_named_does_not_pass(string answer, string ids)
    {
        var seen = PublicView.Of(JsonNode.Parse(answer))!.ToJsonString();

        var listed = JsonNode.Parse(seen)!["data"] is JsonArray data ? data : JsonNode.Parse(seen)!["data"]!["eventTypeGroups"]![0]!["eventTypes"]!.AsArray();
        Assert.Equal(ids, new JsonArray([.. listed.Select(item => item!["id"]!.DeepClone())]).ToJsonString());
        foreach (var owners in new[] { "email", "o@example", "secret", "private", "+1", "\"a\"" })
            Assert.DoesNotContain(owners, seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""["not", "an", "envelope"]""")]
    [InlineData("""{"data":[{"id":1,"hidden":true}]""")]
    [InlineData("""{"data":[],"data":[{"id":1,"hidden":true}]}""")]
    [InlineData("<html>Secret Meeting</html>")]
    public async Task What_cannot_be_read_surely_does_not_pass_at_all(string body)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.Anonymous());
        using var stranger = gateway.CreateClient();
        sandbox.Faults.Add(Fault.Status(200, body: body, contentType: "application/json"));

        using var answer = await stranger.GetAsync(List, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("upstream-invalid", (string?)(await answer.ReadProblemAsync())["code"]);
    }

    [Fact]
    public async Task A_HEAD_does_not_tell_how_long_the_owners_list_is()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.Anonymous());

        var answer = await RawConnection.AskAsync(gateway.Address, $"HEAD {List}?x=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length:", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("ETag:", answer, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Keys for consumers, and a route that strangers may use as well.</summary>
    private static string Both() => AccessSettings.ApiKey().Replace(
        "\"OutputCachePolicy\":\"event-types\"", "\"OutputCachePolicy\":\"event-types\",\"AuthorizationPolicy\":\"Anonymous\"", StringComparison.Ordinal);

    private static HttpClient Consumer(GatewayFixture gateway)
    {
        var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        return caller;
    }

    private static async Task SeesAsync(HttpClient caller, int count)
    {
        var list = JsonNode.Parse(await caller.GetStringAsync(List, TestContext.Current.CancellationToken))!;
        Assert.Equal(count, list["data"]!.AsArray().Count);
    }
}
