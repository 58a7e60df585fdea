using System.Diagnostics;
using System.Net;
using System.Text;
using CalGateway.Caching;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Sharing;
using CalGateway.CalCom;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Caching;

/// <summary>Alone, for Redis is given up after a tenth of a second, and on a machine that is busy with other tests that may be over before it had its turn.</summary>
[Collection(RunsAlone.Name)]
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

        var (query, stored) = await ShareAsync(one, redis);
        sandbox.Requests.Clear();
        var shared = await GetAsync(other, query);

        Assert.StartsWith("CalGateway; hit; ttl=", shared.CacheStatus, StringComparison.Ordinal);
        Assert.Equal((stored.Text, stored["ETag"], stored["Content-Type"]), (shared.Text, shared["ETag"], shared["Content-Type"]));
        Assert.Empty(sandbox.Requests.All);
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
        var (query, _) = await ShareAsync(one, redis);

        var (key, value) = Assert.Single(await redis.ValuesAsync());
        Assert.StartsWith("calgateway:", key, StringComparison.Ordinal);
        Assert.DoesNotContain("owner", key, StringComparison.Ordinal);
        Assert.DoesNotContain("Meeting", Encoding.Latin1.GetString(value), StringComparison.Ordinal);

        foreach (var foreign in new[] { [], "foreign"u8.ToArray(), [.. value[..^1], (byte)(value[^1] ^ 1)], new byte[4096] })
        {
            await redis.OverwriteAsync(key, foreign);
            await using var other = await StartAsync(sandbox, redis);
            Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(other, query)).CacheStatus);
        }
    }

    [Fact]
    public async Task Redis_frozen_killed_and_back_under_load_fails_no_request()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var other = await StartAsync(sandbox, redis);
        await using var load = new Load(one, other);

        await load.GoesOnAsync();
        redis.Freeze();
        await DownAsync(one, other);
        await load.GoesOnAsync();
        redis.Thaw();
        await UpAsync(one, other);
        await load.GoesOnAsync();
        await redis.KillAsync();
        await DownAsync(one, other);
        await load.GoesOnAsync();
        await redis.RestartAsync();
        await UpAsync(one, other);
        await load.GoesOnAsync();

        await load.EndAsync();
        foreach (var gateway in new[] { one, other })
        {
            Assert.InRange(gateway.Logs.Lines.Count(line => line.Level == LogLevel.Warning && line.Text.Contains("Redis cannot be reached", StringComparison.Ordinal)), 2, 20);
            Assert.DoesNotContain(gateway.Logs.Lines, line => line.Level >= LogLevel.Error);
        }
    }

    [Fact]
    public async Task While_Redis_is_known_to_be_down_it_delays_nobody_and_evictions_are_made_up_for()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await ShareAsync(one, redis);
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
    public async Task What_another_version_of_the_gateway_has_stored_is_not_read()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        var (query, _) = await ShareAsync(one, redis);
        var name = Assert.Single(await redis.ValuesAsync()).Key;
        var key = one.Services.GetRequiredService<AnswerTable>().All.Single(answer => answer.Key.EndsWith(query, StringComparison.Ordinal)).Key;

        foreach (var plain in new[] { [], [1, 2, 3], [2, .. new byte[20]], [2, .. Enumerable.Repeat((byte)0xff, 40)], "other"u8.ToArray() })
        {
            await redis.OverwriteAsync(name, SealedValue.Seal(plain, key, one.Services.GetRequiredService<Credential>()));
            await using var other = await StartAsync(sandbox, redis);
            Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(other, query)).CacheStatus);
            Assert.DoesNotContain(other.Logs.Lines, line => line.Level >= LogLevel.Error);
        }
    }

    [Fact]
    public async Task What_was_evicted_is_not_believed_though_Redis_has_lost_the_index_of_its_tags()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        var (query, _) = await ShareAsync(one, redis);

        await redis.LoseAsync("calgateway:__MSOCT_event-types");
        await RenameAsync(one, "Renamed");

        Assert.Single(await redis.ValuesAsync());
        Assert.Contains("Renamed", (await GetAsync(one, query)).Titles);
    }

    [Fact]
    public async Task Through_two_gateways_nobody_reads_an_older_title_after_his_own_rename_was_answered()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var other = await StartAsync(sandbox, redis);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var readers = new[] { one, other, one, other }.Select(async gateway =>
        {
            for (; !over.IsCancellationRequested;)
                Assert.Equal(HttpStatusCode.OK, (await GetAsync(gateway)).Status);
        }).ToList();

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var number = 1; number <= 20; number++)
        {
            var (writer, listener) = number % 2 == 0 ? (one, other) : (other, one);
            await RenameAsync(writer, $"Title {number}");
            foreach (var _ in Enumerable.Range(0, 5))
                Assert.Contains($"Title {number}", (await GetAsync(writer)).Titles);
            await Eventually.TrueAsync(async () => (await GetAsync(listener)).Titles.Contains($"Title {number}"), "the other has it", TimeSpan.FromSeconds(1));
            await pace.WaitForNextTickAsync(Cancellation);
        }

        await over.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_write_whose_outcome_nobody_knows_has_every_gateway_ask_anew_and_keep_what_it_has()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var other = await StartAsync(sandbox, redis);
        await GetAsync(one);
        await GetAsync(other);

        sandbox.Faults.Add(Fault.Status(503));
        await PatchAsync(one, "Renamed");

        Assert.StartsWith("CalGateway; fwd=stale; fwd-status=503", (await GetAsync(one)).CacheStatus, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await GetAsync(other)).CacheStatus.StartsWith("CalGateway; fwd=stale; fwd-status=503", StringComparison.Ordinal), "the other has heard of it");
    }

    [Fact]
    public async Task A_refused_credential_is_not_covered_by_what_lies_in_Redis()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await GatewayFixture.StartAsync(sandbox, environment: new Dictionary<string, string?>
        {
            ["CalGateway__Cache__Redis"] = redis.Address,
            ["CalGateway__Cache__FailureMemory"] = "00:00:00",
            ["CalGateway__Cache__Policies__event-types__Fresh"] = "00:00:01",
        });
        await UpAsync(one);
        var (query, _) = await ShareAsync(one, redis);

        sandbox.Faults.Add(Fault.Status(401, body: """{"status":"error","error":{"code":"UnauthorizedException","message":"ApiAuthStrategy - Invalid API Key"}}"""));
        await Eventually.TrueAsync(async () => (await GetAsync(one, query)).Status == HttpStatusCode.BadGateway, "Cal.com refuses the key");

        foreach (var _ in Enumerable.Range(0, 5))
            Assert.Equal(HttpStatusCode.BadGateway, (await GetAsync(one, query)).Status);
    }

    [Fact]
    public async Task Who_demands_Cal_coms_own_answer_is_not_given_another_gateways()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var other = await StartAsync(sandbox, redis);
        var (query, _) = await ShareAsync(one, redis);
        sandbox.Requests.Clear();

        using var caller = other.CreateClient();
        caller.DefaultRequestHeaders.Add("Cache-Control", "no-cache");
        using var answer = await caller.GetAsync(CacheScene.List + query, Cancellation);

        Assert.Single(sandbox.Requests.All);
    }

    [Fact]
    public async Task What_comes_from_the_future_counts_as_stale()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        var (query, _) = await ShareAsync(one, redis);

        var clock = new WallClock();
        clock.Set(TimeSpan.FromHours(-1));
        await using var other = await GatewayFixture.StartAsync(
            sandbox, environment: Address(redis.Address), adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await UpAsync(other);

        Assert.StartsWith("CalGateway; hit; ttl=-", (await GetAsync(other, query)).CacheStatus, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => !(await GetAsync(other, query)).CacheStatus.Contains("ttl=-", StringComparison.Ordinal), "Cal.com has been asked");
    }

    [Fact]
    public async Task Redis_that_is_there_and_not_there_many_times_fails_no_request_and_ends_well()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await using var load = new Load(one);

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(150));
        foreach (var _ in Enumerable.Range(0, 6))
        {
            redis.Freeze();
            await pace.WaitForNextTickAsync(Cancellation);
            redis.Thaw();
            await pace.WaitForNextTickAsync(Cancellation);
        }

        await UpAsync(one);
        await load.GoesOnAsync();
        await load.EndAsync();
        Assert.DoesNotContain(one.Logs.Lines, line => line.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task A_Redis_that_was_merely_slow_costs_no_stored_answer()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await StartAsync(sandbox, redis);
        await GetAsync(one);

        redis.Freeze();
        await DownAsync(one);
        redis.Thaw();
        await UpAsync(one);

        Assert.StartsWith("CalGateway; hit; ttl=", (await GetAsync(one)).CacheStatus, StringComparison.Ordinal);
        Assert.Single(sandbox.Requests.All);
    }

    [Theory]
    [InlineData(",password=hush", true)]
    [InlineData(",password=wrong", false)]
    [InlineData("", false)]
    [InlineData(",password=hush,ssl=true", false)]
    public async Task A_password_opens_and_without_it_the_gateway_serves_on_its_own(string options, bool isReached)
    {
        await using var redis = await RedisServer.StartAsync("--requirepass", "hush");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var one = await GatewayFixture.StartAsync(sandbox, environment: Address(redis.Address + options));
        if (isReached)
            await UpAsync(one);

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(one)).CacheStatus);
        Assert.StartsWith("CalGateway; hit", (await GetAsync(one)).CacheStatus, StringComparison.Ordinal);

        await (isReached ? UpAsync(one) : DownAsync(one));
        Assert.DoesNotContain(one.Logs.Lines, line => line.Level >= LogLevel.Error || line.Text.Contains("hush", StringComparison.Ordinal));
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

    /// <summary>Has the gateway store a list and share it. What is not in Redis soon was given up, as on a busy machine it may be; another list is tried.</summary>
    private static async Task<(string Query, Reply Stored)> ShareAsync(GatewayFixture gateway, RedisServer redis)
    {
        for (var attempt = 1; ; attempt++)
        {
            var query = $"?take={attempt}&username=owner";
            var stored = await GetAsync(gateway, query);
            if (await AppearsAsync(redis) || attempt == 20)
                return (query, stored);
        }
    }

    private static async Task<bool> AppearsAsync(RedisServer redis)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        for (var look = 0; look < 10; look++)
        {
            if ((await redis.ValuesAsync()).Count > 0)
                return true;
            await pace.WaitForNextTickAsync(Cancellation);
        }

        return false;
    }

    private static async Task RenameAsync(GatewayFixture gateway, string title) =>
        Assert.Equal(HttpStatusCode.OK, await PatchAsync(gateway, title));

    private static async Task<HttpStatusCode> PatchAsync(GatewayFixture gateway, string title)
    {
        using var caller = gateway.CreateClient();
        using var rename = new StringContent($$"""{"title":"{{title}}"}""", Encoding.UTF8, "application/json");
        using var written = await caller.PatchAsync(CacheScene.List + "/3928133", rename, Cancellation);
        return written.StatusCode;
    }
}
