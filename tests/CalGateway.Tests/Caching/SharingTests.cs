using System.Diagnostics;
using System.Net;
using System.Text;
using CalGateway.Caching;
using CalGateway.Caching.Sharing;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Caching;

public sealed class SharingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_gateway_has_stored_another_need_not_ask_for()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var other = await StartAsync(sandbox, redis);

        var stored = await GetAsync(one);
        await Eventually.TrueAsync(async () => (await redis.ValuesAsync()).Count > 0, "the answer is shared");
        var shared = await GetAsync(other);

        Assert.StartsWith("CalGateway; hit; ttl=", shared.CacheStatus, StringComparison.Ordinal);
        Assert.Equal((stored.Text, stored["ETag"], stored["Content-Type"]), (shared.Text, shared["ETag"], shared["Content-Type"]));
        Assert.Single(sandbox.Requests.All);
    }

    [Fact]
    public async Task An_eviction_on_one_is_a_miss_on_the_other()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var other = await StartAsync(sandbox, redis);
        await GetAsync(one);
        await GetAsync(other);

        await one.Services.GetRequiredService<AnswerCache>().EvictAsync("event-types");
        await Eventually.TrueAsync(
            () => other.Services.GetRequiredService<AnswerCache>().Report().Entries == 0, "the other has heard of it", TimeSpan.FromSeconds(1));
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(other)).CacheStatus);

        using var caller = one.CreateClient();
        using var rename = new StringContent("""{"title":"Renamed"}""", Encoding.UTF8, "application/json");
        (await caller.PatchAsync(CacheScene.List + "/3928133", rename, Cancellation)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => (await GetAsync(other)).Titles.Contains("Renamed"), "the other has the new title", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Nothing_in_Redis_can_be_read_or_forged_without_the_credential()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await GetAsync(one, "?username=owner");
        await Eventually.TrueAsync(async () => (await redis.ValuesAsync()).Count > 0, "the answer is shared");

        var (key, value) = Assert.Single(await redis.ValuesAsync());
        Assert.StartsWith("calgateway:", key, StringComparison.Ordinal);
        Assert.DoesNotContain("owner", key, StringComparison.Ordinal);
        Assert.DoesNotContain("Meeting", Encoding.Latin1.GetString(value), StringComparison.Ordinal);

        foreach (var foreign in new[] { [], "foreign"u8.ToArray(), [.. value[..^1], (byte)(value[^1] ^ 1)], new byte[4096] })
        {
            await redis.OverwriteAsync(key, foreign);
            await using var other = await StartAsync(sandbox, redis);
            Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(other, "?username=owner")).CacheStatus);
        }
    }

    [Fact]
    public async Task Redis_frozen_killed_and_back_under_load_fails_no_request()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var other = await StartAsync(sandbox, redis);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var load = new[] { one, other }.SelectMany(gateway => Enumerable.Range(0, 4).Select(lane => LoadAsync(gateway, lane, over.Token))).ToList();

        redis.Freeze();
        await DownAsync(one, other);
        redis.Thaw();
        await UpAsync(one, other);
        await redis.KillAsync();
        await DownAsync(one, other);
        await redis.RestartAsync();
        await UpAsync(one, other);
        await over.CancelAsync();

        Assert.True((await Task.WhenAll(load)).Sum() > 100);
        foreach (var gateway in new[] { one, other })
        {
            Assert.InRange(gateway.Logs.Lines.Count(line => line.Level == LogLevel.Warning && line.Text.Contains("Redis cannot be reached", StringComparison.Ordinal)), 2, 4);
            Assert.DoesNotContain(gateway.Logs.Lines, line => line.Level >= LogLevel.Error);
        }
    }

    [Fact]
    public async Task While_Redis_is_known_to_be_down_it_delays_nobody_and_evictions_are_made_up_for()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await GetAsync(one);
        await Eventually.TrueAsync(async () => (await redis.ValuesAsync()).Count > 0, "the answer is shared");
        redis.Freeze();
        await DownAsync(one);

        var watch = Stopwatch.StartNew();
        await one.Services.GetRequiredService<AnswerCache>().EvictAsync("event-types");
        Assert.True(watch.Elapsed < TimeSpan.FromMilliseconds(50), $"{watch.Elapsed}");

        redis.Thaw();
        await UpAsync(one);
        Assert.Empty(await redis.ValuesAsync());
    }

    [Fact]
    public async Task A_full_Redis_is_warned_of_and_served_around()
    {
        await using var redis = await RedisServer.StartAsync("--maxmemory", "1", "--maxmemory-policy", "noeviction");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(one)).CacheStatus);
        Assert.StartsWith("CalGateway; hit", (await GetAsync(one)).CacheStatus, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => one.Logs.Lines.Any(line => line.Text.Contains("Redis refuses", StringComparison.Ordinal)), "it is warned of");
    }

    [Fact]
    public async Task Without_Redis_there_from_the_start_the_gateway_serves_all_the_same()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var alone = await GatewayFixture.StartAsync(sandbox, environment: Address("127.0.0.1:1"));

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(alone)).CacheStatus);
        Assert.StartsWith("CalGateway; hit", (await GetAsync(alone)).CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_that_is_none_is_refused_without_being_quoted()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var refused = await Assert.ThrowsAsync<StartupException>(
            () => GatewayFixture.StartAsync(sandbox, environment: Address("localhost,password=hush,nonsense=1")));
        Assert.Contains("Cache:Redis", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Address(string redis) => new() { ["CalGateway__Cache__Redis"] = redis };

    private static async Task<GatewayFixture> StartAsync(SandboxHost sandbox, RedisServer redis)
    {
        var gateway = await GatewayFixture.StartAsync(sandbox, environment: Address(redis.Address));
        await UpAsync(gateway);
        return gateway;
    }

    private static Task UpAsync(params GatewayFixture[] gateways) =>
        Eventually.TrueAsync(() => gateways.All(gateway => gateway.Services.GetRequiredService<RedisGuard>().IsUp), "Redis is reached", TimeSpan.FromSeconds(20));

    private static Task DownAsync(params GatewayFixture[] gateways) =>
        Eventually.TrueAsync(() => !gateways.Any(gateway => gateway.Services.GetRequiredService<RedisGuard>().IsUp), "Redis is known to be down");

    private static async Task<Reply> GetAsync(GatewayFixture gateway, string query = "")
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync(CacheScene.List + query, Cancellation);
        return await Reply.ReadAsync(answer);
    }

    /// <summary>Hits, misses and writes; the first answer that is not right ends the test.</summary>
    private static async Task<int> LoadAsync(GatewayFixture gateway, int lane, CancellationToken over)
    {
        using var caller = gateway.CreateClient();
        var count = 0;
        for (; !over.IsCancellationRequested; count++)
        {
            using var answer = await caller.GetAsync($"{CacheScene.List}?take={lane}{count % 50}", Cancellation);
            await RightAsync(gateway, answer);
            if (count % 20 != 0)
                continue;

            using var rename = new StringContent($$"""{"title":"{{lane}} {{count}}"}""", Encoding.UTF8, "application/json");
            using var written = await caller.PatchAsync(CacheScene.List + "/3928133", rename, Cancellation);
            await RightAsync(gateway, written);
        }

        return count;
    }

    /// <summary>A failure is told with what the gateway had to say of it.</summary>
    private static async Task RightAsync(GatewayFixture gateway, HttpResponseMessage answer)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
            return;

        var log = gateway.Logs.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Text);
        Assert.Fail($"{(int)answer.StatusCode} to {answer.RequestMessage!.Method}: {answer}\n{await answer.Content.ReadAsStringAsync(Cancellation)}\n{string.Join('\n', log)}");
    }
}
