using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Admission;

/// <summary>What is not let through to Cal.com is answered by the gateway, and is no failure of Cal.com's.</summary>
public sealed class RefusalTests
{
    private const string Uncached = "/calcom/v2/me";

    [Fact]
    public async Task After_a_429_nothing_is_sent_until_the_time_is_over_and_stored_lists_are_served()
    {
        await using var scene = await CacheScene.OpenAsync();
        var stored = await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(12)); // beyond the time in which it is served while it is refreshed
        scene.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(30), times: 1));
        var told = await scene.GetAsync(Uncached);
        var sent = scene.Sandbox.Requests.Count;

        var refused = await scene.GetAsync(Uncached);
        var stale = await scene.GetAsync();
        var cold = await scene.GetAsync(CacheScene.List + "?take=1");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "quota-exhausted", "30"), (told.Status, told.Code, told["Retry-After"]));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "quota-exhausted", "30"), (refused.Status, refused.Code, refused["Retry-After"]));
        Assert.Null(refused["CalGateway-Api-Version"]);
        Assert.Equal((HttpStatusCode.OK, "CalGateway; fwd=stale; ttl=-660; detail=quota-exhausted", stored.Text), (stale.Status, stale.CacheStatus, stale.Text));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CalGateway; detail=quota-exhausted", "30"), (cold.Status, cold.CacheStatus, cold["Retry-After"]));
        Assert.Equal(sent, scene.Sandbox.Requests.Count);

        // A refusal is not remembered as a failure is: the next request is let through as soon as there is quota.
        scene.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(Uncached)).Status);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(CacheScene.List + "?take=1")).CacheStatus);
    }

    [Fact]
    public async Task A_refused_request_is_counted_neither_as_sent_nor_as_Cal_coms_failure()
    {
        await using var scene = await CacheScene.OpenAsync();
        using var meters = new MeterRecorder(scene.Gateway);
        scene.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(30), times: 1));
        await scene.GetAsync(Uncached);

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await scene.GetAsync(Uncached)).Status);

        Assert.Equal(1, meters.Sum("calgateway.upstream.requests calgateway.route=rest,http.response.status_code=429"));
        Assert.DoesNotContain(meters.Names, name => name.StartsWith("calgateway.upstream.requests", StringComparison.Ordinal) && !name.Contains("=429", StringComparison.Ordinal));
        Assert.DoesNotContain((await scene.Gateway.StatusAsync())["concerns"]!.AsArray(), concern => (string?)concern!["code"] is "upstream-down" or "upstream-unsteady");
    }

    [Fact]
    public async Task A_write_that_is_refused_drops_nothing_that_is_stored()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(30), times: 1));
        await scene.GetAsync(Uncached);

        var refused = await scene.WriteAsync(HttpMethod.Post, CacheScene.List, """{ "title": "A", "slug": "a", "lengthInMinutes": 30 }""");

        Assert.Equal("quota-exhausted", refused.Code);
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }
}
