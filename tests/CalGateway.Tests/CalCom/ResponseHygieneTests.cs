using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class ResponseHygieneTests
{
    [Fact]
    public async Task What_only_the_gateway_may_say_to_its_callers_is_not_repeated_from_Cal_com()
    {
        string[] dropped =
        [
            "Set-Cookie", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Access-Control-Max-Age",
            "Strict-Transport-Security", "Server", "X-Powered-By", "Alt-Svc", "X-RateLimit-Limit", "X-RateLimit-Remaining-Default", "X-RateLimit-Reset",
            "RateLimit", "Cache-Status", "Proxy-Status", "Clear-Site-Data", "NEL", "Report-To", "CalGateway-Anything",
        ];
        await using var upstream = ScriptedUpstream.Saying(
            "HTTP/1.1 200 OK\r\n" + string.Concat(dropped.Select(name => $"{name}: from-upstream\r\n")) +
            "Connection: close, X-Hop\r\nX-Hop: from-upstream\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic\r\n" +
            "CalGateway-Revision: from-upstream\r\nCalGateway-Api-Version: from-upstream\r\nX-Request-Id: the-upstreams\r\n" +
            "ETag: W/\"tag\"\r\nCF-RAY: ray\r\nRetry-After: 7\r\nLink: <a>; rel=next\r\nLink: <b>; rel=prev\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);

        Assert.DoesNotContain(answer.Headers.Concat(answer.Content.Headers), header => header.Value.Any(value => value.Contains("from-upstream", StringComparison.Ordinal)));
        foreach (var name in dropped.Append("X-Hop").Append("Keep-Alive").Append("Proxy-Authenticate"))
            Assert.False(answer.Headers.Contains(name), name);
        Assert.Equal(["the-upstreams"], answer.Headers.GetValues("CalGateway-Upstream-Request-Id"));
        Assert.Matches("^[0-9a-f]{32}$", answer.Headers.GetValues("X-Request-Id").Single());
        Assert.Equal("W/\"tag\"", answer.Headers.ETag?.ToString());
        Assert.Equal(["ray"], answer.Headers.GetValues("CF-RAY"));
        Assert.Equal(["7"], answer.Headers.GetValues("Retry-After"));
        Assert.Equal(["<a>; rel=next", "<b>; rel=prev"], answer.Headers.GetValues("Link"));
    }

    [Theory]
    [InlineData("/calcom/v2/me")]
    [InlineData("/calcom/v2/event-types")]
    public async Task Octets_that_are_not_ASCII_in_a_header_of_Cal_coms_are_percent_encoded_and_cost_no_answer(string path)
    {
        await using var upstream = ScriptedUpstream.Saying(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 32\r\nX-Request-Id: caf\u00e9\r\nLink: </\u00e9\u0080>; rel=next\r\n" +
            "Content-Disposition: inline; filename=\"\u00e9.json\"\r\nConnection: close\r\n\r\n{\"status\":\"success\",\"data\":[{}]}");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        using var first = await caller.GetAsync(path, TestContext.Current.CancellationToken);
        using var second = await caller.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(["caf%E9"], first.Headers.GetValues("CalGateway-Upstream-Request-Id"));
        foreach (var answer in new[] { first, second })
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(["</%E9%80>; rel=next"], answer.Headers.GetValues("Link"));
            Assert.Equal("inline; filename=\"%E9.json\"", answer.Content.Headers.GetValues("Content-Disposition").Single());
        }
    }

    [Fact]
    public async Task A_request_id_that_is_of_the_connection_is_none_of_the_answers()
    {
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
            + "X-Request-Id: hop\r\nConnection: close, x-request-id\r\n\r\n{}"));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);

        Assert.False(answer.Headers.Contains("CalGateway-Upstream-Request-Id"));
    }

    [Theory]
    [InlineData("/calcom/v2/me", 200)]
    [InlineData("/calcom/v2/event-types", 200)]
    [InlineData("/calcom/v2/nonsense", 502)]
    public async Task Cal_coms_cookie_and_quota_stay_here_and_no_cookie_goes_back(string path, int status)
    {
        await using var pair = await Pair.StartAsync(settings: AccessSettings.ApiKey());

        for (var time = 0; time < 2; time++)
        {
            using var answer = await pair.GetAsync(path, ("Origin", "https://somewhere.example"), ("X-Api-Key", AccessSettings.Key));
            Assert.Equal(status, (int)answer.StatusCode);
            Assert.DoesNotContain(answer.Headers, header =>
                header.Key.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase) || header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase)
                || header.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase) || header.Key is "Server" or "Alt-Svc" or "Strict-Transport-Security");
        }

        Assert.All(pair.Sandbox.Requests.All, asked => Assert.Empty(asked.Header("cookie")));
    }

    [Fact]
    public async Task A_redirect_is_the_callers_to_follow()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(302, body: "", headers: new Dictionary<string, string> { ["Location"] = pair.Sandbox.BaseAddress + "v2/elsewhere" }));

        using var answer = await pair.GetAsync("/calcom/v2/me");

        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Single(pair.Sandbox.Requests.All);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_error_of_Cal_coms_own_passes_as_it_is(int status)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(status, body: "{\"exactly\": \"this\"}"));

        using var answer = await pair.GetAsync("/calcom/v2/bookings/uid");

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("{\"exactly\": \"this\"}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["2024-08-13"], answer.Headers.GetValues("CalGateway-Api-Version"));
    }
}
