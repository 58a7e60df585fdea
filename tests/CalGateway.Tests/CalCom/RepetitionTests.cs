using System.Net;
using System.Text;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

/// <summary>How often Cal.com is sent a request when connections end before its answer, as HttpClient repeats some by itself.</summary>
public sealed class RepetitionTests
{
    private const string Me = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("POST", "/calcom/v2/bookings/abc/confirm", null)]
    [InlineData("POST", "/calcom/v2/bookings/abc/confirm", "{}")]
    [InlineData("PATCH", "/calcom/v2/schedules/7", null)]
    [InlineData("DELETE", "/calcom/v2/schedules/7", null)]
    [InlineData("GET", "/calcom/v2/me", null)]
    public async Task A_connection_that_ends_over_its_first_request_has_it_sent_no_second_time(string method, string path, string? body)
    {
        await using var upstream = ScriptedUpstream.Start(_ => Task.CompletedTask);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        Assert.Equal(HttpStatusCode.BadGateway, await SendAsync(gateway, method, path, body));

        Assert.Single(upstream.Heads);
    }

    [Theory]
    [InlineData("POST", "/calcom/v2/bookings/abc/confirm", HttpStatusCode.BadGateway, 1)]
    [InlineData("DELETE", "/calcom/v2/schedules/7", HttpStatusCode.BadGateway, 1)]
    [InlineData("GET", "/calcom/v2/me", HttpStatusCode.OK, 2)]
    public async Task A_kept_connection_that_ends_as_it_is_used_again_costs_a_read_nothing_and_has_no_write_repeated(
        string method, string path, HttpStatusCode status, int times)
    {
        var sent = 0;
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            await exchange.SendAsync(Me);
            if ((await exchange.ReadHeadAsync()).StartsWith(method, StringComparison.Ordinal))
                Interlocked.Increment(ref sent);
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "GET", "/calcom/v2/me", null));
        var before = upstream.Heads.Count;

        Assert.Equal(status, await SendAsync(gateway, method, path, null));

        Assert.Equal(times, Volatile.Read(ref sent) + upstream.Heads.Count - before);
    }

    [Fact]
    public async Task A_read_that_says_what_type_its_missing_body_has_is_a_read_all_the_same()
    {
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            await exchange.SendAsync(Me);
            await exchange.ReadHeadAsync();
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "GET", "/calcom/v2/me", ""));
        Assert.Equal(HttpStatusCode.OK, await SendAsync(gateway, "GET", "/calcom/v2/me", ""));
    }

    [Fact]
    public async Task A_crowd_at_a_cold_key_whose_connections_all_end_costs_a_handful_of_requests()
    {
        await using var upstream = ScriptedUpstream.Start(_ => Task.CompletedTask);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => SendAsync(gateway, "GET", CacheScene.List, null)));

        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.BadGateway, status));
        Assert.InRange(upstream.Heads.Count, 1, 5);
    }

    private static async Task<HttpStatusCode> SendAsync(GatewayFixture gateway, string method, string path, string? body)
    {
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await caller.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
