using CalGateway.Caching;
using CalGateway.Configuration;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching;

/// <summary>The limits on the number of stored answers, on their memory, and on the size of one.</summary>
public sealed class LimitTests
{
    private static string With(string limits) => GatewayFixture.ShippedSettings
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

        await Eventually.TrueAsync(async () => (await scene.GetAsync()).CacheStatus.StartsWith("CalGateway; hit", StringComparison.Ordinal), "it is stored");
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
