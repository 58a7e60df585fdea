using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using static CalGateway.Tests.Access.Browsers.BrowserScene;

namespace CalGateway.Tests.Access.Browsers;

/// <summary>What web pages that the settings name may do, seen from the wire.</summary>
public sealed class NamedPageTests
{
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
    public async Task A_Vary_of_Cal_coms_that_only_looks_like_Origin_does_not_take_its_place()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: Cors));
        using var caller = gateway.CreateClient();
        sandbox.Faults.Add(Fault.Status(200, body: "{}", headers: new Dictionary<string, string> { ["Vary"] = "X-Original-Host" }));

        using var answer = await AskAsync(caller, Shop, "/calcom/v2/me");

        Assert.Contains("X-Original-Host", answer.Headers.Vary);
        Assert.Contains("Origin", answer.Headers.Vary);
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

    [Fact]
    public async Task What_Cal_coms_own_clients_send_of_themselves_does_not_travel()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/bookings", ("cal-api-version", "2024-04-15"), ("x-cal-client-id", "the-clients"), ("x-cal-secret-key", "its-secret"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal("2024-08-13", Assert.Single(asked.Header("cal-api-version")));
        Assert.DoesNotContain(asked.Headers, header => header.Key.StartsWith("x-cal-", StringComparison.OrdinalIgnoreCase));
    }
}
