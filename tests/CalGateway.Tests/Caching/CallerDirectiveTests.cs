using System.Net;
using CalGateway.Caching;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching;

public sealed class CallerDirectiveTests
{
    [Fact]
    public async Task No_store_neither_uses_what_is_stored_nor_stores()
    {
        await using var scene = await CacheScene.OpenAsync();
        Assert.Equal("CalGateway; fwd=bypass; detail=no-store", (await scene.GetAsync(CacheScene.List, ("Cache-Control", "no-store"))).CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
        Assert.Equal("CalGateway; fwd=bypass; detail=no-store", (await scene.GetAsync(CacheScene.List, ("Cache-Control", "max-age=5, no-store"))).CacheStatus);
        Assert.Equal(3, scene.Asked);
    }

    [Theory]
    [InlineData("Cache-Control", "no-cache")]
    [InlineData("Cache-Control", "max-age=0")]
    [InlineData("Cache-Control", "max-age=10")]
    [InlineData("Pragma", "no-cache")]
    public async Task No_cache_has_Cal_com_asked_whether_it_still_holds(string header, string value)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("CalGateway; fwd=request; fwd-status=304; stored", (await scene.GetAsync(CacheScene.List, (header, value))).CacheStatus);
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Fact]
    public async Task Only_if_cached_never_reaches_Cal_com()
    {
        await using var scene = await CacheScene.OpenAsync();
        var nothing = await scene.GetAsync(CacheScene.List, ("Cache-Control", "only-if-cached"));
        Assert.Equal((HttpStatusCode.GatewayTimeout, "CalGateway; detail=only-if-cached", 0), (nothing.Status, nothing.CacheStatus, scene.Asked));
        Assert.Contains("\"not-stored\"", nothing.Text, StringComparison.Ordinal);

        await scene.GetAsync();
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync(CacheScene.List, ("Cache-Control", "only-if-cached"))).CacheStatus);
        Assert.Equal(1, scene.Asked);
    }

    [Theory]
    [InlineData("only-if-cached, no-cache")]
    [InlineData("only-if-cached, max-age=10")]
    [InlineData("only-if-cached, no-store")]
    public async Task Only_if_cached_gives_nothing_that_its_other_wishes_exclude(string value)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(20));

        var answer = await scene.GetAsync(CacheScene.List, ("Cache-Control", value));

        Assert.Equal((HttpStatusCode.GatewayTimeout, "CalGateway; detail=only-if-cached", 1), (answer.Status, answer.CacheStatus, scene.Asked));
    }

    [Fact]
    public async Task Who_says_how_old_an_answer_may_be_is_given_no_stale_one()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(70));

        Assert.Equal("CalGateway; fwd=stale; fwd-status=304; stored", (await scene.GetAsync(CacheScene.List, ("Cache-Control", "max-age=300"))).CacheStatus);
    }

    [Fact]
    public async Task What_was_fresh_and_is_given_in_Cal_coms_place_is_told_as_asked_for_by_request()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Status(503));

        Assert.Equal("CalGateway; fwd=request; fwd-status=503; ttl=60", (await scene.GetAsync(CacheScene.List, ("Cache-Control", "no-cache"))).CacheStatus);
    }

    [Theory]
    [InlineData("max-age=600")]
    [InlineData("max-age=99999999999999999999")]
    [InlineData("max-age=-1, private, =,,")]
    public async Task What_asks_for_nothing_changes_nothing(string value)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync(CacheScene.List, ("Cache-Control", value))).CacheStatus);
    }

    [Theory]
    [InlineData("no-store")]
    [InlineData("no-cache")]
    [InlineData("only-if-cached")]
    public async Task Strangers_do_not_decide_how_often_Cal_com_is_asked(string value)
    {
        await using var scene = await CacheScene.OpenAsync(AccessSettings.Anonymous());
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(CacheScene.List, ("Cache-Control", value))).CacheStatus);
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync(CacheScene.List, ("Cache-Control", value))).CacheStatus);
    }

    [Theory]
    [InlineData("no-cache")]
    [InlineData("max-age=0")]
    public async Task Who_wants_no_stored_answer_waits_for_a_request_that_began_after_his_own(string wish)
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.Hang(times: 1));
        var older = scene.GetAsync();
        await Eventually.TrueAsync(() => scene.Asked == 1, "an older request is under way");

        var demanded = await scene.GetAsync(CacheScene.List, ("Cache-Control", wish));

        Assert.Equal((HttpStatusCode.OK, 2), (demanded.Status, scene.Asked));
        Assert.False(older.IsCompleted);
        scene.Sandbox.Faults.Clear();
        Assert.Equal(HttpStatusCode.OK, (await older).Status);
        Assert.Equal(demanded["ETag"], (await scene.GetAsync())["ETag"]);
    }

    [Fact]
    public async Task What_an_older_request_brings_does_not_take_the_place_of_what_a_newer_one_has_brought()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        var (release, asked) = (new TaskCompletionSource(), 0);
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            var number = Interlocked.Increment(ref asked);
            if (number == 1)
                await release.Task.WaitAsync(exchange.Stopping);
            var list = $$"""{"status":"success","data":[{"id":1,"title":"Number {{number}}"}]}""";
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {list.Length}\r\nConnection: close\r\n\r\n{list}");
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        async Task<Reply> GetAsync(string? wish = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, CacheScene.List);
            if (wish is not null)
                request.Headers.Add("Cache-Control", wish);
            using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
            return await Reply.ReadAsync(answer);
        }

        var older = GetAsync();
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) == 1, "an older request is under way");
        Assert.Equal(["Number 2"], (await GetAsync("no-cache")).Titles);
        release.SetResult();

        Assert.Equal(["Number 1"], (await older).Titles);
        Assert.Equal(["Number 2"], (await GetAsync()).Titles);
        Assert.Equal(2, Volatile.Read(ref asked));
    }

    [Fact]
    public async Task A_success_ends_the_count_of_failures()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Status(500));
        await scene.GetAsync();
        scene.Sandbox.Faults.Clear();
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync()).Status);

        scene.Sandbox.Faults.Add(Fault.Status(500));
        Assert.StartsWith("CalGateway; fwd=request; fwd-status=500", (await scene.GetAsync(CacheScene.List, ("Cache-Control", "no-cache"))).CacheStatus, StringComparison.Ordinal);
        scene.Sandbox.Faults.Clear();

        Assert.Equal("CalGateway; fwd=request; fwd-status=304; stored", (await scene.GetAsync(CacheScene.List, ("Cache-Control", "no-cache"))).CacheStatus);
    }

    [Fact]
    public async Task An_eviction_reaches_an_older_request_that_is_still_under_way_when_a_newer_one_has_failed()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Hang(times: 1));
        scene.Sandbox.Faults.Add(Fault.Status(500));
        var older = scene.GetAsync();
        await Eventually.TrueAsync(() => scene.Asked == 1, "an older request is under way");
        Assert.NotEqual(HttpStatusCode.OK, (await scene.GetAsync(CacheScene.List, ("Cache-Control", "no-cache"))).Status);

        await scene.Gateway.Services.GetRequiredService<AnswerCache>().EvictAsync("event-types");
        scene.Sandbox.Faults.Clear();

        Assert.Equal(HttpStatusCode.OK, (await older).Status);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
    }

    [Fact]
    public async Task A_crowd_that_wants_no_stored_answer_costs_Cal_com_a_handful_of_requests()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        await scene.GetAsync();

        var crowd = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => scene.GetAsync(CacheScene.List, ("Cache-Control", "no-cache"))));

        Assert.All(crowd, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.InRange(scene.Asked, 2, 100);
    }
}
