using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Access.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Access;

/// <summary>No test here waits for a window to end: each is a day long.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task A_consumer_that_has_used_up_its_share_is_told_when_to_come_back_and_others_go_on()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(
            consumer => consumer["RateLimit"] = Limit(3),
            access => access["Consumers"]!["another"] = AccessSettings.Consumer(AccessSettings.OtherKey)));

        Assert.Equal("200 200 200 429", await AskAsync(gateway, 4, AccessSettings.Key));
        Assert.Equal("200", await AskAsync(gateway, 1, AccessSettings.OtherKey));

        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Assert.Equal("too-many-requests", (string?)(await answer.ReadProblemAsync())["code"]);
    }

    [Fact]
    public async Task An_edit_of_something_else_hands_out_no_new_share()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(consumer => consumer["RateLimit"] = Limit(2)));
        Assert.Equal("200 200 429", await AskAsync(gateway, 3, AccessSettings.Key));

        gateway.Edit(text => text.Replace("00:01:00", "00:02:00", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("is in force", StringComparison.Ordinal)), "the edit is in force");

        Assert.Equal("429", await AskAsync(gateway, 1, AccessSettings.Key));
    }

    [Fact]
    public void A_window_allows_its_number_of_requests_again_when_the_one_before_is_over()
    {
        var clock = new FakeTimeProvider();
        var limiter = new WindowLimiter(2, TimeSpan.FromMinutes(1), clock);
        for (var window = 0; window < 3; window++)
        {
            Assert.Null(limiter.Take());
            clock.Advance(TimeSpan.FromSeconds(20));
            Assert.Null(limiter.Take());
            Assert.Equal(TimeSpan.FromSeconds(40), limiter.Take());
            Assert.False(limiter.IsIdle);
            clock.Advance(TimeSpan.FromSeconds(40));
            Assert.True(limiter.IsIdle);
        }
    }

    [Fact]
    public void Addresses_without_end_push_out_none_whose_window_is_not_over()
    {
        var limiters = new AddressLimiters(1, TimeSpan.FromMinutes(1), new FakeTimeProvider());
        Assert.Null(limiters.Take(IPAddress.Parse("203.0.113.1")));
        for (var other = 0; other < 5_000; other++)
            Assert.Null(limiters.Take(new IPAddress(0x0A000000 + other)));

        Assert.Equal(TimeSpan.FromMinutes(1), limiters.Take(IPAddress.Parse("203.0.113.1")));
    }

    [Fact]
    public async Task An_address_has_a_share_whoever_asks_from_there_and_health_is_not_counted()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: access => access["RateLimit"] = Limit(3)));

        Assert.Equal("401 401 200 429 429", $"{await AskAsync(gateway, 2, AccessSettings.OtherKey)} {await AskAsync(gateway, 3, AccessSettings.Key)}");

        using var caller = gateway.CreateClient();
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/healthz/ready", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Behind_a_proxy_that_was_named_each_client_has_its_own_share_and_elsewhere_the_header_is_talk()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var behind = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: access =>
        {
            access["RateLimit"] = Limit(1);
            access["Proxies"] = AccessSettings.List("127.0.0.0/8");
        }));
        await using var open = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(access: access => access["RateLimit"] = Limit(1)));

        Assert.Equal("200 200 429", $"{await AskAsync(behind, 1, AccessSettings.Key, "203.0.113.1")} {await AskAsync(behind, 2, AccessSettings.Key, "203.0.113.2")}");
        Assert.Equal("200 429", $"{await AskAsync(open, 1, AccessSettings.Key, "203.0.113.1")} {await AskAsync(open, 1, AccessSettings.Key, "203.0.113.2")}");
    }

    [Theory]
    [InlineData("10.0.0.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9")]
    [InlineData("10.0.0.1", "203.0.113.9:4711", "203.0.113.9")]
    [InlineData("10.0.0.1", "[2001:db8::1]:80", "2001:db8::1")]
    [InlineData("10.0.0.1", "not an address", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    [InlineData("203.0.113.77", "198.51.100.1", "203.0.113.77")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.9", "203.0.113.9")]
    public void The_client_is_the_first_stranger_from_the_right(string remote, string forwarded, string client)
    {
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse(remote) } };
        context.Request.Headers["X-Forwarded-For"] = forwarded;

        Assert.Equal(IPAddress.Parse(client), new ClientAddress(["10.0.0.0/8"]).Of(context));
    }

    [Fact]
    public void A_household_of_IPv6_addresses_counts_as_one()
    {
        Assert.Equal(ClientAddress.PrefixOf(IPAddress.Parse("2001:db8:1:2::1")), ClientAddress.PrefixOf(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.NotEqual(ClientAddress.PrefixOf(IPAddress.Parse("2001:db8:1:2::1")), ClientAddress.PrefixOf(IPAddress.Parse("2001:db8:1:3::1")));
    }

    [Theory]
    [InlineData("Content-Length: 2000\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n")]
    public async Task A_body_beyond_the_limit_is_refused(string framing)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.With(new JsonObject { ["MaxBodyBytes"] = 1024 }));
        var body = new string(' ', 2000);
        var sent = framing.StartsWith('T') ? $"7d0\r\n{body}\r\n0\r\n\r\n" : body;

        var answer = await RawConnection.AskAsync(gateway.Address,
            $"POST /calcom/v2/schedules HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n{framing}{sent}");

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("payload-too-large", answer, StringComparison.Ordinal);
        Assert.Empty(sandbox.Requests.All);
    }

    private static JsonObject Limit(int requests) => new() { ["Requests"] = requests, ["Window"] = "1.00:00:00" };

    private static async Task<string> AskAsync(GatewayFixture gateway, int times, string key, string? forwardedFor = null)
    {
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", key);
        if (forwardedFor is not null)
            caller.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor);

        var statuses = new int[times];
        for (var turn = 0; turn < times; turn++)
        {
            using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
            statuses[turn] = (int)answer.StatusCode;
        }

        return string.Join(' ', statuses);
    }
}
