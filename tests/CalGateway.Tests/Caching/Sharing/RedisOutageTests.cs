using System.Net;
using CalGateway.Caching;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static CalGateway.Tests.Caching.Sharing.SharedScene;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>Alone, for Redis is given up after a tenth of a second, and on a machine that is busy with other tests that may be over before it had its turn.</summary>
[Collection(RunsAlone.Name)]
public sealed class RedisOutageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_frozen_killed_and_back_under_load_fails_no_request()
    {
        await using var scene = await SharedScene.OpenAsync();
        await using var load = new Load(scene.One, scene.Other);

        await load.GoesOnAsync();
        scene.Redis.Freeze();
        await DownAsync(scene.One, scene.Other);
        await load.GoesOnAsync();
        scene.Redis.Thaw();
        await UpAsync(scene.One, scene.Other);
        await load.GoesOnAsync();
        await scene.Redis.KillAsync();
        await DownAsync(scene.One, scene.Other);
        await load.GoesOnAsync();
        await scene.Redis.RestartAsync();
        await UpAsync(scene.One, scene.Other);
        await load.GoesOnAsync();

        await load.EndAsync();
        foreach (var gateway in new[] { scene.One, scene.Other })
        {
            Assert.InRange(gateway.Logs.Lines.Count(line => line.Level == LogLevel.Warning && line.Text.Contains("Redis cannot be reached", StringComparison.Ordinal)), 2, 20);
            Assert.DoesNotContain(gateway.Logs.Lines, line => line.Level >= LogLevel.Error);
        }
    }

    [Fact]
    public async Task While_Redis_is_known_to_be_down_it_delays_nobody_and_evictions_are_made_up_for()
    {
        await using var scene = await SharedScene.OpenAsync();
        await scene.ShareAsync();
        scene.Redis.Freeze();
        await DownAsync(scene.One);

        var eviction = scene.One.Services.GetRequiredService<AnswerCache>().EvictAsync("event-types");
        Assert.True(eviction.IsCompleted, "Redis was waited for");

        scene.Redis.Thaw();
        await UpAsync(scene.One);
        Assert.Empty(await scene.Redis.ValuesAsync());
    }

    [Fact]
    public async Task An_eviction_that_is_made_up_for_is_one_though_a_write_whose_outcome_nobody_knows_came_after_it()
    {
        await using var scene = await SharedScene.OpenAsync();
        await GetAsync(scene.Other);
        scene.Redis.Freeze();
        await DownAsync(scene.One, scene.Other);

        await RenameAsync(scene.One, "Renamed");
        scene.Sandbox.Faults.Add(Fault.Status(504, times: 1).For("PATCH", null));
        Assert.NotEqual(HttpStatusCode.OK, await PatchAsync(scene.One, "Perhaps"));
        scene.Sandbox.Faults.Add(Fault.Status(503).For("GET", null));
        scene.Redis.Thaw();
        await UpAsync(scene.One, scene.Other);

        // The other holds nothing any more that it could bridge the outage with.
        await Eventually.TrueAsync(async () => (await GetAsync(scene.Other)).Status == HttpStatusCode.ServiceUnavailable, "the list is gone");
    }

    [Fact]
    public async Task A_full_Redis_is_warned_of_and_served_around()
    {
        await using var scene = await SharedScene.OpenAsync("--maxmemory", "1", "--maxmemory-policy", "noeviction");

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(scene.One)).CacheStatus);
        Assert.StartsWith("CalGateway; hit", (await GetAsync(scene.One)).CacheStatus, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => scene.One.Logs.Lines.Any(line => line.Text.Contains("Redis refuses", StringComparison.Ordinal)), "it is warned of");
    }

    [Fact]
    public async Task Without_Redis_there_from_the_start_the_gateway_serves_all_the_same()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var alone = await GatewayFixture.StartAsync(sandbox, environment: At("127.0.0.1:1"));

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(alone)).CacheStatus);
        Assert.StartsWith("CalGateway; hit", (await GetAsync(alone)).CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_that_is_there_and_not_there_many_times_fails_no_request_and_ends_well()
    {
        await using var scene = await SharedScene.OpenAsync();
        await using var load = new Load(scene.One);

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        foreach (var _ in Enumerable.Range(0, 6))
        {
            scene.Redis.Freeze();
            await pace.WaitForNextTickAsync(Cancellation);
            scene.Redis.Thaw();
            await pace.WaitForNextTickAsync(Cancellation);
        }

        await UpAsync(scene.One);
        await load.GoesOnAsync();
        await load.EndAsync();
        Assert.DoesNotContain(scene.One.Logs.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_Redis_that_was_merely_slow_costs_no_stored_answer()
    {
        await using var scene = await SharedScene.OpenAsync();
        await GetAsync(scene.One);

        scene.Redis.Freeze();
        await DownAsync(scene.One);
        scene.Redis.Thaw();
        await UpAsync(scene.One);

        Assert.StartsWith("CalGateway; hit; ttl=", (await GetAsync(scene.One)).CacheStatus, StringComparison.Ordinal);
        Assert.Single(scene.Sandbox.Requests.All);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(600)]
    public async Task A_gateway_that_has_just_started_bridges_an_outage_with_what_lies_in_Redis(int minutes)
    {
        await using var scene = await SharedScene.OpenAsync();
        var (query, stored) = await scene.ShareAsync();
        scene.Sandbox.Faults.Add(Fault.Status(503));

        var clock = new WallClock();
        clock.Set(TimeSpan.FromMinutes(minutes)); // it is older than StaleWhileRevalidate
        var started = await scene.JoinAsync(adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));

        // Redis is given up after a tenth of a second, which on a busy machine may be over: then the failure is all there is, for two seconds.
        Reply served = null!;
        await Eventually.TrueAsync(async () => (served = await GetAsync(started, query)).Status == HttpStatusCode.OK, "the list is given");
        Assert.Equal(stored.Text, served.Text);
        Assert.StartsWith("CalGateway; fwd=stale; fwd-status=503", served.CacheStatus, StringComparison.Ordinal);
    }
}
