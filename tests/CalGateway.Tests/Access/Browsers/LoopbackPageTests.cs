using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using static CalGateway.Tests.Access.Browsers.BrowserScene;

namespace CalGateway.Tests.Access.Browsers;

/// <summary>What web pages and proxies may do where the settings name no page, seen from the wire.</summary>
public sealed class LoopbackPageTests
{
    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://127.0.0.1.evil.example")]
    [InlineData("Origin: http://localhost.evil.example:3000")]
    [InlineData("Origin: http://localhost:3000.evil.example")]
    [InlineData("Origin: http://localhost:3000@evil.example")]
    [InlineData("Origin: http://localhost:3000/")]
    [InlineData("Origin: http://localhost:")]
    [InlineData("Origin: http://localhost:65536")]
    [InlineData("Origin: http://127.0.0.2:3000")]
    [InlineData("Origin: ftp://localhost")]
    [InlineData("Origin: file://")]
    [InlineData("Origin: http://localhost:3000, https://evil.example")]
    [InlineData("Origin: http://localhost:3000\r\nOrigin: https://evil.example")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate")]
    [InlineData("X-Forwarded-For: 203.0.113.9")]
    [InlineData("X-Forwarded-For: 127.0.0.1, 203.0.113.9")]
    [InlineData("X-Forwarded-For: 203.0.113.9\r\nOrigin: http://localhost:3000")]
    [InlineData("X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-For: 203.0.113.9")]
    [InlineData("Forwarded: for=203.0.113.9")]
    [InlineData("Forwarded: For=\"[2001:db8::9]:4711\";proto=https")]
    [InlineData("Forwarded: for=127.0.0.1, for=203.0.113.9")]
    [InlineData("Forwarded: for=unknown")]
    [InlineData("Forwarded: for=_hidden")]
    [InlineData("Forwarded: host=gateway.example;proto=https")]
    [InlineData("Forwarded: by=203.0.113.1")]
    [InlineData("Forwarded: 203.0.113.9")]
    [InlineData("X-Real-IP: 203.0.113.9")]
    [InlineData("X-Real-IP: 2001:db8::9")]
    [InlineData("X-Real-IP: nobody")]
    [InlineData("X-Forwarded-Host: gateway.example")]
    [InlineData("X-Forwarded-Host: localhost, gateway.example:443")]
    [InlineData("X-Forwarded-Server: proxy.example")]
    [InlineData("CF-Connecting-IP: 203.0.113.9")]
    [InlineData("CF-Connecting-IPv6: 2001:db8::9")]
    [InlineData("X-Original-For: 203.0.113.9")]
    [InlineData("Forwarded-For: 203.0.113.9")]
    [InlineData("X-Forwarded: for=203.0.113.9")]
    [InlineData("Client-IP: 203.0.113.9")]
    [InlineData("x-remote-addr: 203.0.113.9")]
    [InlineData("X-Azure-ClientIP: 203.0.113.9")]
    [InlineData("X-Envoy-External-Address: 203.0.113.9")]
    [InlineData("X-Host: gateway.example")]
    [InlineData("CDN-Loop: edge; loops=1")]
    [InlineData("True-Client-IP: 203.0.113.9")]
    [InlineData("Via: 1.1 proxy.example")]
    [InlineData("Via: 1.1 localhost:8080, 2 edge (a comment)")]
    [InlineData("Via: HTTP/1.1 203.0.113.1:80")]
    public async Task In_loopback_mode_neither_a_web_page_nor_a_proxy_lends_the_address_to_others(string header)
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

        foreach (var name in new[] { host, host, "localhost", host }) // what was found out about one name must not count for another
        {
            var answer = await RawConnection.AskAsync(gateway.Address, $"GET /calcom/v2/event-types HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
            Assert.StartsWith(name == host ? "HTTP/1.1 403" : "HTTP/1.1 200", answer, StringComparison.Ordinal);
        }

        Assert.Single(sandbox.Requests.All);
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
    [InlineData("Host: localhost\r\nX-Forwarded-For: ::1, 127.0.0.1:4711\r\nX-Real-IP: 127.0.0.1\r\nX-Forwarded-Host: localhost:3000\r\nX-Forwarded-Proto: https")]
    [InlineData("Host: localhost\r\nForwarded: for=127.0.0.1;host=localhost:3000;proto=http, for=\"[::1]:4711\"")]
    [InlineData("Host: localhost\r\nVia: 1.1 localhost:3000 (a front end's own server)")]
    public async Task In_loopback_mode_the_developer_and_the_pages_that_were_named_are_served(string headers)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var access = new JsonObject();
        Cors(access);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.With(access));

        var answer = await RawConnection.AskAsync(gateway.Address, $"GET /calcom/v2/event-types HTTP/1.1\r\n{headers}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:3000")]
    [InlineData("http://localhost")]
    [InlineData("https://localhost:5173")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://[::1]:65535")]
    public async Task In_loopback_mode_a_page_that_this_machine_serves_may_ask(string origin)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        using var preflight = await PreflightAsync(caller, origin, "cal-api-version, x-cal-client-id, x-cal-platform-embed, authorization, content-type");
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Empty(sandbox.Requests.All);
        using var list = await AskAsync(caller, origin);
        Assert.Equal(HttpStatusCode.OK, list.StatusCode);
        using var stored = await AskAsync(caller, origin);
        Assert.Equal("hit", Header(stored, "Cache-Status")!.Split("; ")[1]);
        using var problem = await AskAsync(caller, origin, "/calcom/v2/event-types/999999");
        Assert.Equal(HttpStatusCode.BadGateway, problem.StatusCode);

        foreach (var answer in new[] { preflight, list, stored, problem })
        {
            Assert.Equal(origin, Header(answer, "Access-Control-Allow-Origin"));
            Assert.Contains("Origin", answer.Headers.Vary);
            Assert.Null(Header(answer, "Access-Control-Allow-Credentials"));
        }

        // A store in between must not give a page's answer to one that asked without a page.
        using var withoutPage = await AskAsync(caller, null);
        Assert.Contains("Origin", withoutPage.Headers.Vary);
        Assert.Null(Header(withoutPage, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Origins_once_named_are_the_whole_list_from_the_edit_on()
    {
        const string Own = "http://localhost:3000";
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        using var before = await PreflightAsync(caller, Own);
        Assert.Equal(HttpStatusCode.NoContent, before.StatusCode);

        var access = new JsonObject();
        Cors(access);
        gateway.Edit(_ => AccessSettings.With(access));

        await Eventually.TrueAsync(async () => (await PreflightAsync(caller, Own)).StatusCode == HttpStatusCode.Forbidden, "the edit is in force");
        using var refused = await AskAsync(caller, Own);
        Assert.Equal("forbidden", (string?)(await refused.ReadProblemAsync())["code"]);
        Assert.Null(Header(refused, "Access-Control-Allow-Origin"));
        using var named = await AskAsync(caller, Shop);
        Assert.Equal(HttpStatusCode.OK, named.StatusCode);
    }

    [Theory]
    [InlineData("ApiKey")]
    [InlineData("Anonymous")]
    public async Task In_other_modes_no_page_may_ask_by_default(string mode)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: mode == "ApiKey" ? AccessSettings.ApiKey() : AccessSettings.Anonymous());
        using var caller = gateway.CreateClient();

        using var preflight = await PreflightAsync(caller, "http://localhost:3000");
        using var answer = await AskAsync(caller, "http://localhost:3000");

        Assert.Equal(HttpStatusCode.Forbidden, preflight.StatusCode);
        Assert.Null(Header(answer, "Access-Control-Allow-Origin"));
    }
}
