using CalGateway.Caching;
using CalGateway.Configuration;
using CalGateway.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching;

public sealed class BoundTests
{
    private static string With(string limits) => TestInfrastructure.GatewayFixture.ShippedSettings
        .Replace("\"Cache\": {", $"\"Cache\": {{ {limits},", StringComparison.Ordinal);

    [Fact]
    public async Task The_number_of_answers_is_bounded_and_the_least_recently_used_go()
    {
        await using var scene = await CacheScene.OpenAsync(With("\"MaxEntries\": 10"));
        await scene.GetAsync();
        foreach (var number in Enumerable.Range(0, 40))
        {
            await scene.GetAsync($"{CacheScene.List}?take={number}");
            scene.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.StartsWith("CalGateway; hit", (await scene.GetAsync()).CacheStatus, StringComparison.Ordinal);
        }

        Assert.InRange(scene.Gateway.Services.GetRequiredService<AnswerCache>().Report().Entries, 8, 10);
        Assert.StartsWith("CalGateway; hit", (await scene.GetAsync($"{CacheScene.List}?take=39")).CacheStatus, StringComparison.Ordinal);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync($"{CacheScene.List}?take=0")).CacheStatus);
    }

    [Fact]
    public async Task The_bytes_are_bounded_as_set_compressed_forms_included()
    {
        const long limit = 4 * 1024 * 1024;
        await using var scene = await CacheScene.OpenAsync(With($"\"MaxBytes\": {limit}"));
        var cache = scene.Gateway.Services.GetRequiredService<AnswerCache>();
        scene.Sandbox.Faults.Add(Fault.HugeBody(100_000));

        foreach (var number in Enumerable.Range(0, 60))
        {
            await scene.GetAsync($"{CacheScene.List}?take={number}");
            Assert.InRange(cache.Report().Bytes, 100_000, limit);
        }

        Assert.InRange(cache.Report().Bytes, limit * 8 / 10, limit);
    }

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
    public async Task A_list_of_more_than_half_of_all_that_may_be_stored_is_passed_on_and_costs_the_others_no_place()
    {
        await using var scene = await CacheScene.OpenAsync(With("\"MaxBytes\": 262144"));
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.HugeBody(200_000).For("GET", null));

        Assert.Equal("CalGateway; fwd=bypass; detail=too-large", (await scene.GetAsync(CacheScene.List + "?take=1")).CacheStatus);
        Assert.Equal("CalGateway; fwd=bypass; detail=too-large", (await scene.GetAsync(CacheScene.List + "?take=1")).CacheStatus);

        Assert.Equal(4, scene.Asked); // once to be stored, in vain, and once for each to be passed on
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Fact]
    public async Task A_limit_that_is_raised_counts_at_once_for_what_was_too_large()
    {
        await using var scene = await CacheScene.OpenAsync(With("\"MaxEntryBytes\": 100000"), realClock: true);
        scene.Sandbox.Faults.Add(Fault.HugeBody(200_000).For("GET", null));
        Assert.Equal("CalGateway; fwd=bypass; detail=too-large", (await scene.GetAsync()).CacheStatus);

        scene.Gateway.Edit(text => text.Replace("\"MaxEntryBytes\": 100000", "\"MaxEntryBytes\": 1000000", StringComparison.Ordinal));

        await TestInfrastructure.Eventually.TrueAsync(async () => (await scene.GetAsync()).CacheStatus.StartsWith("CalGateway; hit", StringComparison.Ordinal), "it is stored");
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
        await using var scene = await CacheScene.OpenAsync(TestInfrastructure.GatewayFixture.ShippedSettings
            .Replace("\"Fresh\": \"00:01:00\"", $"\"Fresh\": \"00:01:00\", {list}", StringComparison.Ordinal));

        Assert.Equal(isKnown ? "CalGateway; fwd=uri-miss; stored" : "CalGateway; fwd=bypass; detail=query", (await scene.GetAsync(CacheScene.List + "?take=1")).CacheStatus);

        var cache = scene.Gateway.Services.GetRequiredService<AnswerCache>();
        await scene.GetAsync();
        Assert.Equal(evicted, await cache.EvictAsync(tag));
    }

    [Theory]
    [InlineData("\"MaxBytes\": 5", "MaxBytes")]
    [InlineData("\"Patience\": \"00:05:00\"", "Patience")]
    [InlineData("\"Deadline\": \"00:00:00\"", "Deadline")]
    public async Task A_limit_beyond_reason_is_refused_by_name(string limit, string name)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(async () => await CacheScene.OpenAsync(With(limit)));
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }
}
