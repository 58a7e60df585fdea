using CalGateway.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching.Keys;

/// <summary>Which requests have the same stored answer.</summary>
public sealed class CacheKeyTests
{
    [Theory]
    [InlineData("?unknown=1")]
    [InlineData("?username=a&USERNAME=b")]
    [InlineData("?username=%ff%fe")]
    [InlineData("?username=0123456789%00%01")]
    public async Task A_query_that_makes_no_sure_key_is_forwarded_as_it_is_or_has_a_key_of_its_own(string query)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync(CacheScene.List + "?username=owner");

        var asked = await scene.GetAsync(CacheScene.List + query);

        Assert.DoesNotContain("hit", asked.CacheStatus, StringComparison.Ordinal);
        Assert.EndsWith(query, scene.Sandbox.Requests.All[^1].Target, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("?Take=2&take=1", "?take=2&take=1")]
    [InlineData("?Username=bob&username=alice", "?username=bob&username=alice")]
    [InlineData("?username=%25ff", "?username=%ff")]
    [InlineData("?username=%ff", "?username=%25ff")]
    [InlineData("?username=a%2bb", "?username=a+b")]
    public async Task What_Cal_com_reads_differently_never_has_one_key(string one, string other)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync(CacheScene.List + one);

        Assert.DoesNotContain("hit", (await scene.GetAsync(CacheScene.List + other)).CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absurdly_long_query_has_no_key()
    {
        await using var scene = await CacheScene.OpenAsync();
        var asked = await scene.GetAsync($"{CacheScene.List}?username={new string('x', 3000)}");
        Assert.Equal("CalGateway; fwd=bypass; detail=query", asked.CacheStatus);
    }

    [Fact]
    public async Task The_order_of_parameters_makes_no_other_answer_and_their_values_do()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync(CacheScene.List + "?take=5&skip=0");

        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync(CacheScene.List + "?skip=0&take=5")).CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(CacheScene.List + "?skip=0&take=50")).CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(CacheScene.List + "?skip=0%26take=5")).CacheStatus);
    }

    [Theory]
    [InlineData("\"Query\": [\"username\"]", false, "event-types", 1)]
    [InlineData("\"Tags\": [\"mine\"]", true, "mine", 2)]
    public async Task A_list_of_parameters_takes_the_place_of_the_one_that_would_be_there(string list, bool isKnown, string tag, int evicted)
    {
        await using var scene = await CacheScene.OpenAsync(GatewayFixture.ShippedSettings
            .Replace("\"Fresh\": \"00:01:00\"", $"\"Fresh\": \"00:01:00\", {list}", StringComparison.Ordinal));

        Assert.Equal(isKnown ? "CalGateway; fwd=uri-miss; stored" : "CalGateway; fwd=bypass; detail=query", (await scene.GetAsync(CacheScene.List + "?take=1")).CacheStatus);

        var cache = scene.Gateway.Services.GetRequiredService<AnswerCache>();
        await scene.GetAsync();
        Assert.Equal(evicted, await cache.EvictAsync(tag));
    }
}
