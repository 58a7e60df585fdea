using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Filling;

/// <summary>When Cal.com is tried again after a fill has failed.</summary>
public sealed class RetryTimeTests
{
    [Fact]
    public async Task Cal_com_is_tried_again_when_the_failure_is_forgotten_or_when_it_said_to()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(30)));
        await scene.GetAsync();

        scene.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await scene.GetAsync()).Status);
        Assert.Equal(1, scene.Asked);

        scene.Sandbox.Faults.Clear();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Status == HttpStatusCode.OK, "Cal.com is tried again");
        Assert.Equal(2, scene.Asked);
    }

    [Fact]
    public async Task Cal_com_may_say_by_a_date_when_it_is_to_be_tried_again()
    {
        await using var scene = await CacheScene.OpenAsync();
        var date = (scene.Clock.GetUtcNow() + TimeSpan.FromSeconds(20)).ToString("R");
        scene.Sandbox.Faults.Add(Fault.Status(429, headers: new Dictionary<string, string> { ["Retry-After"] = date }));

        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        await scene.GetAsync();
        Assert.Equal(1, scene.Asked);

        scene.Clock.Advance(TimeSpan.FromSeconds(11));
        await Eventually.TrueAsync(
            async () =>
            {
                await scene.GetAsync();
                return scene.Asked == 2;
            },
            "it is asked again");
    }

    [Fact]
    public async Task Failures_that_are_remembered_are_bounded_and_make_room_for_others_when_they_are_forgotten()
    {
        const int failures = 600; // 2 KiB each, of which a mebibyte may be remembered
        await using var scene = await CacheScene.OpenAsync(environment: new Dictionary<string, string?> { ["CalGateway__Cache__MaxBytes"] = "1048576" });
        scene.Sandbox.Faults.Add(Fault.Status(400, body: """{"status":"error","error":{"code":"BadRequestException","message":"No."}}""").For("GET", null));
        foreach (var number in Enumerable.Range(1, failures))
            await scene.GetAsync($"{CacheScene.List}?take={number}");

        Assert.Equal("CalGateway; detail=remembered", (await scene.GetAsync($"{CacheScene.List}?take=1")).CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss; fwd-status=400", (await scene.GetAsync($"{CacheScene.List}?take={failures}")).CacheStatus);

        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(
            async () => (await scene.GetAsync($"{CacheScene.List}?skip=1")).CacheStatus == "CalGateway; detail=remembered", "a new failure is remembered");
    }

    [Fact]
    public async Task A_list_that_was_too_large_is_not_tried_in_vain_again_for_ten_minutes()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.HugeBody(5_000_000).For("GET", null));

        async Task<int> AskedByOneMoreAsync()
        {
            var before = scene.Asked;
            Assert.Equal("CalGateway; fwd=bypass; detail=too-large", (await scene.GetAsync()).CacheStatus);
            return scene.Asked - before;
        }

        Assert.Equal(2, await AskedByOneMoreAsync());
        scene.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, await AskedByOneMoreAsync());
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, await AskedByOneMoreAsync());
    }
}
