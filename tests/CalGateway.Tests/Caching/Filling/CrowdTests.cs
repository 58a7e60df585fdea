using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching.Filling;

/// <summary>Many callers at a cold key share one request to Cal.com, and its failure.</summary>
public sealed class CrowdTests
{
    private const int Crowd = 500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crowd_at_a_cold_key_costs_Cal_com_one_request()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.Hang());

        var crowd = Enumerable.Range(0, Crowd).Select(_ => scene.GetAsync()).ToList();
        await Eventually.TrueAsync(() => scene.Asked == 1, "Cal.com was asked");
        scene.Sandbox.Faults.Clear();
        var replies = await Task.WhenAll(crowd);

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Single(replies, reply => reply.CacheStatus == "CalGateway; fwd=uri-miss; stored");
        Assert.All(replies, reply => Assert.Matches("^CalGateway; (fwd=uri-miss; (stored|collapsed)|hit; ttl=60)$", reply.CacheStatus));
        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task Whoever_comes_as_the_answer_lands_costs_Cal_com_no_request_either()
    {
        const int lists = 150;
        const int callers = 24;
        await using var scene = await CacheScene.OpenAsync(realClock: true);

        foreach (var number in Enumerable.Range(1, lists))
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => scene.GetAsync($"{CacheScene.List}?take={number}"), Cancellation)));

        Assert.Equal(lists, scene.Asked);
    }

    [Fact]
    public async Task Callers_who_hang_up_take_nothing_from_the_others()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.Hang());
        using var hangUp = new CancellationTokenSource();

        var first = Enumerable.Range(0, 50).Select(_ => scene.Caller.GetAsync(CacheScene.List, hangUp.Token)).ToList();
        await Eventually.TrueAsync(() => scene.Asked == 1, "Cal.com was asked on behalf of the first");
        var others = Enumerable.Range(0, Crowd).Select(_ => scene.GetAsync()).ToList();
        await hangUp.CancelAsync();
        foreach (var gone in first)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        scene.Sandbox.Faults.Clear();

        Assert.All(await Task.WhenAll(others), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(1, scene.Asked);
    }

    [Theory]
    [InlineData("503", HttpStatusCode.ServiceUnavailable)]
    [InlineData("reset", HttpStatusCode.BadGateway)]
    [InlineData("hang", HttpStatusCode.GatewayTimeout)]
    public async Task A_crowd_at_a_cold_key_with_Cal_com_failing_shares_the_failure(string how, HttpStatusCode told)
    {
        await using var scene = await CacheScene.OpenAsync(
            realClock: true, environment: new Dictionary<string, string?> { ["CalGateway__Cache__Deadline"] = "00:00:02", ["CalGateway__Cache__FailureMemory"] = "00:00:20" });
        scene.Sandbox.Faults.Add(how switch
        {
            "503" => Fault.Status(503),
            "reset" => Fault.Reset(),
            _ => Fault.Hang(),
        });

        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => scene.GetAsync()));

        Assert.All(replies, reply => Assert.Equal(told, reply.Status));
        Assert.InRange(scene.Asked, 1, 5);
    }

    [Fact]
    public async Task Each_who_shares_a_failure_is_told_it_under_a_trace_of_his_own()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Reset());

        var (first, second, third) = (await scene.GetAsync(), await scene.GetAsync(), await scene.GetAsync());

        // One failure may be a stumble; two in a row are remembered.
        Assert.Equal("CalGateway; fwd=uri-miss", first.CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss", second.CacheStatus);
        Assert.Equal("CalGateway; detail=remembered", third.CacheStatus);
        Assert.Contains(second["X-Request-Id"]!, second.Text, StringComparison.Ordinal);
        Assert.Contains(third["X-Request-Id"]!, third.Text, StringComparison.Ordinal);
        Assert.Equal(4, scene.Asked); // each of the two was sent once more
    }

    [Fact]
    public async Task None_of_a_callers_headers_is_on_the_request_for_all()
    {
        await using var scene = await CacheScene.OpenAsync();

        await scene.GetAsync(CacheScene.List, ("Accept-Language", "de"), ("User-Agent", "a-callers/1.0"), ("Accept", "text/html"), ("Range", "bytes=0-1"));

        var asked = Assert.Single(scene.Sandbox.Requests.All);
        Assert.Equal(["application/json"], asked.Header("Accept"));
        Assert.DoesNotContain("a-callers/1.0", asked.Header("User-Agent"));
        Assert.Empty(asked.Header("Accept-Language"));
        Assert.Empty(asked.Header("Range"));
    }
}
