using CalGateway.Caching;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static CalGateway.Tests.Caching.Sharing.SharedScene;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>What a gateway believes when it may have missed what others have evicted.</summary>
[Collection(RunsAlone.Name)]
public sealed class BrokenLineTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_broken_line_nothing_stored_before_is_fresh_wherever_it_lies(bool onlySubscriptions)
    {
        await using var scene = await SharedScene.OpenAsync();
        await using var line = new RedisLine(scene.Redis.Address);
        var cut = await scene.JoinAsync(At(line.Address));
        var (query, _) = await scene.ShareAsync(cut);
        var shared = await RenewedAsync(scene, query);

        line.Cut(onlySubscriptions);
        await RenameAsync(scene.One, "Renamed");
        foreach (var (key, value) in shared)
            await scene.Redis.OverwriteAsync(key, value); // as if the other had put it there behind the sweep
        line.Mend();
        await UpAsync(cut);

        await Eventually.TrueAsync(async () => (await GetAsync(cut, query)).Titles.Contains("Renamed"), "the list is asked for anew");
        Assert.StartsWith("CalGateway; hit", (await GetAsync(cut, query)).CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_mended_and_breaks_again_before_Redis_has_answered_has_still_been_broken()
    {
        await using var scene = await SharedScene.OpenAsync();
        await using var line = new RedisLine(scene.Redis.Address);
        var cut = await scene.JoinAsync(At(line.Address));
        await GetAsync(cut);

        line.Cut(onlySubscriptions: false);
        await DownAsync(cut);
        await RenameAsync(scene.One, "Renamed");
        line.Silence();
        await Eventually.TrueAsync(() => line.Attempts > 1, "it is tried, and not answered");
        line.Cut(onlySubscriptions: false);
        await Eventually.TrueAsync(() => line.Attempts > 0, "it is tried again");
        line.Mend();
        await UpAsync(cut);

        await Eventually.TrueAsync(async () => (await GetAsync(cut)).Titles.Contains("Renamed"), "the list is asked for anew");
    }

    [Fact]
    public async Task A_large_list_on_a_slow_line_is_shared_and_Redis_is_not_called_down_for_it()
    {
        await using var scene = await SharedScene.OpenAsync();
        await using var line = new RedisLine(scene.Redis.Address, bytesPerSecond: 1_500_000);
        var (slow, slower) = (await scene.JoinAsync(At(line.Address)), await scene.JoinAsync(At(line.Address)));
        scene.Sandbox.Faults.Add(CalGateway.Sandbox.Fault.HugeBody(3_900_000).For("GET", null));

        var stored = await GetAsync(slow);
        await Eventually.TrueAsync(async () => (await scene.Redis.ValuesAsync()).Count > 0, "the list is in Redis", TimeSpan.FromSeconds(30));
        var asked = scene.Sandbox.Requests.Count;

        Assert.StartsWith("CalGateway; hit", (await GetAsync(scene.Other)).CacheStatus, StringComparison.Ordinal);
        var fetched = await GetAsync(slower);
        Assert.StartsWith("CalGateway; hit", fetched.CacheStatus, StringComparison.Ordinal);
        Assert.Equal(stored.Body.Length, fetched.Body.Length);
        Assert.Equal(asked, scene.Sandbox.Requests.Count);
        Assert.All(new[] { slow, slower }, gateway => Assert.DoesNotContain(gateway.Logs.Lines, line => line.Level >= LogLevel.Warning && line.Text.Contains("Redis", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_that_is_evicted_while_it_is_written_to_Redis_does_not_stay_there(bool byTheWriter)
    {
        await using var scene = await SharedScene.OpenAsync();
        await using var line = new RedisLine(scene.Redis.Address, bytesPerSecond: 2_000_000);
        var slow = await scene.JoinAsync(At(line.Address));
        scene.Sandbox.Faults.Add(CalGateway.Sandbox.Fault.HugeBody(3_900_000).For("GET", null));
        var transfers = slow.Services.GetRequiredService<SharedTransfers>();

        await GetAsync(slow);
        await Eventually.TrueAsync(() => transfers.TimeUnderWay > TimeSpan.Zero, "the list is on its way to Redis");
        await (byTheWriter ? slow : scene.One).Services.GetRequiredService<AnswerCache>().EvictAsync("event-types");
        Assert.True(transfers.TimeUnderWay > TimeSpan.Zero, "the eviction came too late for this test");
        scene.Sandbox.Faults.Clear();
        await Eventually.TrueAsync(() => transfers.TimeUnderWay == TimeSpan.Zero, "all of it was written", TimeSpan.FromSeconds(30));

        // A gateway that has heard of no eviction would believe what it finds.
        await Eventually.TrueAsync(async () => (await scene.Redis.ValuesAsync()).Values.All(value => value.Length == 0), "it is gone again");
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(await scene.JoinAsync())).CacheStatus);
    }

    /// <summary>What lies in Redis once another gateway has put a newer one there: no gateway prefers an older one to its own.</summary>
    private static async Task<IReadOnlyDictionary<string, byte[]>> RenewedAsync(SharedScene scene, string query)
    {
        var (key, older) = Assert.Single(await scene.Redis.ValuesAsync());
        using var caller = scene.Other.CreateClient();
        caller.DefaultRequestHeaders.Add("Cache-Control", "no-cache");
        (await caller.GetAsync(CacheScene.List + query, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

        IReadOnlyDictionary<string, byte[]> values = new Dictionary<string, byte[]>();
        await Eventually.TrueAsync(
            async () => (values = await scene.Redis.ValuesAsync()).TryGetValue(key, out var newer) && !newer.AsSpan().SequenceEqual(older), "the other has shared its own");
        return values;
    }
}
