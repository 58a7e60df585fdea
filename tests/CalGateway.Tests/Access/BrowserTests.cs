using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

/// <summary>What web pages may do, seen from the wire.</summary>
public sealed class BrowserTests
{
    private const string Shop = "https://shop.example";
    private const string Blog = "https://blog.example";
    private const string Stranger = "https://evil.example";

    [Fact]
    public async Task Two_pages_in_turn_read_the_stored_list_and_a_third_does_not()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: Cors));
        using var caller = gateway.CreateClient();

        foreach (var origin in new[] { Shop, Blog, Stranger, Blog, null, Shop })
        {
            using var answer = await AskAsync(caller, origin);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(origin is Shop or Blog ? origin : null, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
            Assert.Contains("Origin", answer.Headers.Vary);
            Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
            Assert.Equal("same-origin", Header(answer, "Cross-Origin-Resource-Policy"));
            Assert.Null(Header(answer, "Strict-Transport-Security"));
            Assert.Null(Header(answer, "Set-Cookie"));
        }

        Assert.Single(sandbox.Requests.All);
    }

    [Fact]
    public async Task A_preflight_is_answered_without_a_key_and_without_Cal_com()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: Cors));
        using var caller = gateway.CreateClient();

        using var allowed = await PreflightAsync(caller, Shop);
        using var refused = await PreflightAsync(caller, Stranger);

        Assert.Equal(HttpStatusCode.NoContent, allowed.StatusCode);
        Assert.Equal(Shop, Header(allowed, "Access-Control-Allow-Origin"));
        Assert.Contains("X-Api-Key", Header(allowed, "Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Contains("POST", Header(allowed, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Null(Header(refused, "Access-Control-Allow-Origin"));
        Assert.Empty(sandbox.Requests.All);
    }

    [Fact]
    public async Task A_refusal_can_be_read_by_the_page_that_asked()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: Cors));
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/event-types");
        request.Headers.Add("Origin", Shop);

        using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(Shop, Header(answer, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task An_OPTIONS_that_is_no_preflight_stays_here()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        using var answer = await caller.SendAsync(new HttpRequestMessage(HttpMethod.Options, "/calcom/v2/event-types"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
        Assert.Empty(sandbox.Requests.All);
    }

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://localhost:3000")]
    [InlineData("Origin: http://127.0.0.1")]
    [InlineData("Origin: http://127.0.0.1.evil.example")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate")]
    [InlineData("X-Forwarded-For: 203.0.113.9")]
    [InlineData("X-Forwarded-For: 127.0.0.1, 203.0.113.9")]
    public async Task In_loopback_mode_a_web_page_cannot_borrow_the_address(string header)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        foreach (var method in new[] { "GET", "POST", "OPTIONS" })
        {
            var answer = await RawConnection.AskAsync(gateway.Address,
                $"{method} /calcom/v2/event-types HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\n{header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
            Assert.Contains("\"forbidden\"", answer, StringComparison.Ordinal);
        }

        Assert.Empty(sandbox.Requests.All);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("localhost.evil.example:5080")]
    [InlineData("192.168.1.7")]
    public async Task In_loopback_mode_a_name_that_was_made_to_resolve_here_is_refused(string host)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var answer = await RawConnection.AskAsync(gateway.Address, $"GET /calcom/v2/event-types HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 403", answer, StringComparison.Ordinal);
        Assert.Empty(sandbox.Requests.All);
    }

    [Theory]
    [InlineData("Host: localhost:5080")]
    [InlineData("Host: app.localhost")]
    [InlineData("Host: [::1]:5080")]
    [InlineData("Host: 127.0.0.1:5080\r\nOrigin: http://127.0.0.1:5080")]
    [InlineData("Host: localhost\r\nSec-Fetch-Site: none")]
    [InlineData("Host: localhost\r\nSec-Fetch-Site: same-origin")]
    [InlineData("Host: localhost\r\nOrigin: https://shop.example\r\nSec-Fetch-Site: cross-site")]
    [InlineData("Host: localhost\r\nX-Forwarded-For: 127.0.0.1")]
    public async Task In_loopback_mode_the_developer_and_the_pages_that_were_named_are_served(string headers)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var access = new JsonObject();
        Cors(access);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.With(access));

        var answer = await RawConnection.AskAsync(gateway.Address, $"GET /calcom/v2/event-types HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }

    private static void Cors(JsonObject access) => access["Cors"] = new JsonObject { ["Origins"] = AccessSettings.List(Shop, Blog) };

    private static async Task<HttpResponseMessage> AskAsync(HttpClient caller, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/event-types");
        request.Headers.Add("X-Api-Key", AccessSettings.Key);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await caller.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> PreflightAsync(HttpClient caller, string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/calcom/v2/event-types");
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "GET");
        request.Headers.Add("Access-Control-Request-Headers", "x-api-key");
        return await caller.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
