using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Envelope;

/// <summary>Requests that no well-meaning client sends. Each gets an answer that says so, and the gateway serves on.</summary>
public sealed class HostileRequestTests
{
    [Theory]
    [InlineData("/calcom/v2/bookings/a%2Fb")]
    [InlineData("/calcom/v2/bookings/a%2fb")]
    [InlineData("/calcom/v2/bookings/a%252Fb")]
    [InlineData("/calcom/v2/bookings/..%2f..%2fapi-keys")]
    [InlineData("/calcom%2fv2/me")]
    public async Task An_encoded_slash_in_the_path_is_refused_since_proxies_disagree_on_what_it_means(string path)
    {
        await using var pair = await Pair.StartAsync();

        AssertProblem(400, "invalid-request", await AskAsync(pair, path));

        Assert.Empty(pair.Sandbox.Requests.All);
        await AssertServesOnAsync(pair);
    }

    [Theory]
    [InlineData("/calcom/v2/me?a=%00", "/v2/me?a=%00")]
    [InlineData("/calcom/v2/me?a=%0d%0aX-Injected:1", "/v2/me?a=%0d%0aX-Injected:1")]
    [InlineData("/calcom/v2/me?a=%1b[31m", "/v2/me?a=%1b[31m")]
    [InlineData("/calcom/v2/me?a=%ff%fe", "/v2/me?a=%ff%fe")]
    [InlineData("/calcom/v2/event-types?username=%00", "/v2/event-types?username=%00")]
    [InlineData("/calcom/v2/me?a=\u0001\u007f", "/v2/me?a=%01%7F")]
    [InlineData("/calcom/v2/me?a=\tb", "/v2/me?a=%09b")]
    public async Task Control_characters_in_the_query_arrive_encoded_and_inject_nothing(string target, string arrived)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await AskAsync(pair, target);

        Assert.StartsWith("HTTP/1.1 200", raw, StringComparison.Ordinal);
        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal(arrived, asked.Target);
        Assert.Empty(asked.Header("x-injected"));
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Text.Contains('\u001b'));
    }

    [Theory]
    [InlineData("GET /calcom/v2/me?a=\0 HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET /calcom/v2/%00me HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nHost: other")]
    [InlineData("GET /calcom/v2/me HTTP/1.1")]
    [InlineData("GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nX: a\rb")]
    [InlineData("GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nno-colon")]
    [InlineData("GET http://a b/calcom/v2/me HTTP/1.1\r\nHost: localhost")]
    [InlineData("POST /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2")]
    [InlineData("POST /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip")]
    public async Task What_is_not_HTTP_is_answered_400_by_Kestrel_without_a_body(string head)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync(head + "\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", raw, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", raw, StringComparison.Ordinal);
        Assert.Empty(pair.Sandbox.Requests.All);
        await AssertServesOnAsync(pair);
    }

    [Fact]
    public async Task Headers_of_64_KB_are_answered_431_by_Kestrel_without_a_body()
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync($"GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nX-Long: {new string('x', 64 * 1024)}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 431", raw, StringComparison.Ordinal);
        Assert.Empty(pair.Sandbox.Requests.All);
        await AssertServesOnAsync(pair);
    }

    [Fact]
    public async Task A_target_of_64_KB_is_answered_414_by_Kestrel_without_a_body()
    {
        await using var pair = await Pair.StartAsync();

        var raw = await AskAsync(pair, "/calcom/v2/me?" + new string('x', 64 * 1024));

        Assert.StartsWith("HTTP/1.1 414", raw, StringComparison.Ordinal);
        await AssertServesOnAsync(pair);
    }

    [Fact]
    public async Task Headers_that_Kestrel_takes_reach_Cal_com()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/me", ("User-Agent", new string('x', 20 * 1024)));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(20 * 1024, Assert.Single(pair.Sandbox.Requests.All).Header("user-agent").Single().Length);
    }

    [Theory]
    [InlineData("/calcom/v2/../../healthz/live", "HTTP/1.1 200")]
    [InlineData("/calcom/%2e%2e/healthz/live", "HTTP/1.1 200")]
    [InlineData("/calcom/v2/../../../../etc/passwd", "HTTP/1.1 404")]
    [InlineData("/nowhere/../calcom/v2/me", "HTTP/1.1 200")]
    public async Task Dots_in_the_path_are_resolved_before_a_route_is_looked_for(string path, string status)
    {
        await using var pair = await Pair.StartAsync();

        Assert.StartsWith(status, await AskAsync(pair, path), StringComparison.Ordinal);

        Assert.All(pair.Sandbox.Requests.All, asked => Assert.Equal("/v2/me", asked.Target));
    }

    [Theory]
    [InlineData("http://localhost/calcom/v2/me", "localhost", "HTTP/1.1 200")]
    [InlineData("http://169.254.169.254/calcom/v2/me", "169.254.169.254", "HTTP/1.1 403")]
    [InlineData("http://other.example/calcom/v2/me", "localhost", "HTTP/1.1 400")]
    [InlineData("http://169.254.169.254/latest/meta-data", "169.254.169.254", "HTTP/1.1 403")]
    [InlineData("http://user:password@localhost/calcom/v2/me", "localhost", "HTTP/1.1 200")]
    public async Task An_absolute_target_counts_by_its_path_and_its_host_is_never_asked(string target, string host, string status)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync($"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith(status, raw, StringComparison.Ordinal);
        Assert.All(pair.Sandbox.Requests.All, asked => Assert.Equal([pair.Sandbox.BaseAddress.Authority], asked.Header("host")));
    }

    [Fact]
    public async Task An_OPTIONS_of_the_whole_server_is_no_route()
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync("OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        AssertProblem(404, "no-route", raw);
    }

    [Theory]
    [InlineData("/calcom/v2/x%0aFORGED%20LINE%1b[31m")]
    [InlineData("/nowhere%0d%0aFORGED%1b[31m")]
    public async Task Line_breaks_in_the_path_reach_neither_the_log_nor_the_problem_as_such(string path)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await AskAsync(pair, path);

        Assert.Contains("FORGED", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("\nFORGED", raw, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', raw);
        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Text.Contains('\n') || line.Text.Contains('\u001b'));
    }

    [Theory]
    [InlineData("GET /healthz/live HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET /calcom/v2/me HTTP/1.1\r\nHost: localhost")]
    [InlineData("GET /nowhere HTTP/1.1\r\nHost: localhost")]
    [InlineData("nonsense")]
    public async Task No_answer_names_the_server_that_gave_it(string head)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync(head + "\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 ", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\nServer:", raw, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_WebSocket_is_not_opened_through_the_gateway()
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync(
            "GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");

        Assert.DoesNotContain("HTTP/1.1 101", raw, StringComparison.Ordinal);
        Assert.All(pair.Sandbox.Requests.All, asked => Assert.Empty(asked.Header("upgrade").Concat(asked.Header("connection"))));
    }

    [Fact]
    public async Task Two_requests_in_one_body_stay_one_request()
    {
        await using var pair = await Pair.StartAsync();
        const string smuggled = "0\r\n\r\nGET /v2/api-keys HTTP/1.1\r\nHost: localhost\r\n\r\n";

        await pair.AskRawAsync(
            "POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nConnection: close\r\n" +
            $"Content-Length: {smuggled.Length}\r\n\r\n{smuggled}");

        Assert.Equal(smuggled, Assert.Single(pair.Sandbox.Requests.All).BodyText);
    }

    private static Task<string> AskAsync(Pair pair, string target) =>
        pair.AskRawAsync($"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

    private static void AssertProblem(int status, string code, string raw)
    {
        Assert.StartsWith($"HTTP/1.1 {status}", raw, StringComparison.Ordinal);
        Assert.Equal(code, (string?)JsonNode.Parse(raw[(raw.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])!["code"]);
    }

    private static async Task AssertServesOnAsync(Pair pair)
    {
        using var answer = await pair.GetAsync("/calcom/v2/me");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
