using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;

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
}
