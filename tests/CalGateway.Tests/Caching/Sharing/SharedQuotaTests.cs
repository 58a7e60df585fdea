using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>Three gateways with one key and a real Redis, in front of a sandbox that enforces Cal.com's limit.</summary>
public sealed class SharedQuotaTests
{
    private const string Me = "/calcom/v2/me";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Together_they_send_what_one_might_and_no_more()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var scene = await OpenAsync(redis);

        var answers = await scene.AskAsync(100);

        // Where Redis answers too late, a gateway goes by its own part: fewer are sent, or some of what is kept for writes.
        Assert.InRange(answers, 60, 120 * scene.Sandbox.RateLimitWindows.Count);
        Assert.All(scene.Sandbox.RateLimitWindows, window => Assert.Equal(0, window.Refused));
        var name = Assert.Single(await redis.KeysAsync(), key => key.Contains("quota", StringComparison.Ordinal));
        Assert.Matches("^calgateway:quota:[0-9a-f]{32}$", name);
    }

    [Fact]
    public async Task No_consumer_takes_at_all_of_them_together_what_another_was_to_get()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var scene = await OpenAsync(redis, AccessSettings.With(new JsonObject
        {
            ["Mode"] = "ApiKey",
            ["Consumers"] = new JsonObject { ["modest"] = AccessSettings.Consumer(AccessSettings.Key), ["greedy"] = AccessSettings.Consumer(AccessSettings.OtherKey) },
        }));
        Assert.Equal(3, await scene.AskAsync(1, AccessSettings.Key));

        var greedy = await scene.AskAsync(100, AccessSettings.OtherKey);
        var modest = await scene.AskAsync(12, AccessSettings.Key);

        Assert.InRange(modest, 24, 36); // what it may have yet can be held in another gateway's block
        Assert.InRange(greedy, 36, 72);
        Assert.All(scene.Sandbox.RateLimitWindows, window => Assert.Equal(0, window.Refused));
        var name = Assert.Single(await redis.KeysAsync(), key => key.Contains("quota", StringComparison.Ordinal));
        var reports = (await redis.FieldsAsync(name)).Where(field => field.Key.StartsWith("c:", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, reports.Count);
        Assert.All(reports, report => Assert.Matches("^([0-9a-f]{16},1,[0-9]+,[0-9]+;?){1,2}$", report.Value));
    }

    [Fact]
    public async Task Without_Redis_each_keeps_to_its_part()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var scene = await OpenAsync(redis);
        await scene.AskAsync(2);
        await redis.KillAsync();
        await Eventually.TrueAsync(() => scene.Gateways.All(gateway => !SharedScene.IsUp(gateway)), "all know that it is away", TimeSpan.FromSeconds(30));

        await scene.AskAsync(100);

        var window = Assert.Single(scene.Sandbox.RateLimitWindows);
        Assert.InRange(window.Passed, 60, 120);
        Assert.Equal(0, window.Refused);
    }

    [Fact]
    public async Task What_somebody_else_has_put_in_its_place_is_dropped()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var scene = await OpenAsync(redis);
        await scene.AskAsync(1);
        var name = Assert.Single(await redis.KeysAsync(), key => key.Contains("quota", StringComparison.Ordinal));

        await redis.OverwriteAsync(name, "99999999"u8.ToArray());

        // What Redis knew is lost with it, and is taken for others' use of the key, for whom room is kept.
        Assert.InRange(await scene.AskAsync(100), 48, 120 * scene.Sandbox.RateLimitWindows.Count);
        Assert.All(scene.Sandbox.RateLimitWindows, window => Assert.Equal(0, window.Refused));
    }

    /// <summary>Numbers that no gateway writes, one after the other into the same window.</summary>
    [Fact]
    public async Task Absurd_numbers_in_Redis_grant_nobody_more_than_there_is()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var scene = await OpenAsync(redis);
        await scene.AskAsync(1);
        var name = Assert.Single(await redis.KeysAsync(), key => key.Contains("quota", StringComparison.Ordinal));

        foreach (var (field, value) in new[]
        {
            ("used", "-1000000"), ("used", "1e300"), ("used", "nonsense"), ("ends", "99999999999999999"), ("ends", "-1"), ("ends", ""), ("foreign", "-1000000"),
            ("gateways", "-7"), ("gateways", "nonsense"), ("gateways", "99999999999"), ("before", "nonsense"), ("c:other", "nonsense"), ("c:other", "0123456789abcdef,1e9,99999999999,-1;,,,"), ("c:other", "0123456789abcdef,1,2000000000,2000000000"),
        })
        {
            await redis.SetFieldAsync(name, field, value);
            await scene.AskAsync(6);
        }

        Assert.All(scene.Sandbox.RateLimitWindows, window => Assert.InRange(window.Passed, 20, 120));
        Assert.All(scene.Sandbox.RateLimitWindows, window => Assert.Equal(0, window.Refused));
    }

    /// <summary>Each gateway holds a block when Redis ends, and Redis remembers nothing when it is back in the same window.</summary>
    [Fact]
    public async Task Redis_that_ends_in_the_middle_of_a_lease_and_comes_back_empty_costs_no_429()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var scene = await OpenAsync(redis);
        await scene.AskAsync(8);

        await redis.KillAsync();
        await scene.AskAsync(6);
        await redis.RestartAsync();
        await Eventually.TrueAsync(() => scene.Gateways.All(SharedScene.IsUp), "all have reached it again", TimeSpan.FromSeconds(30));
        await scene.AskAsync(60);

        Assert.All(scene.Sandbox.RateLimitWindows, window => Assert.InRange(window.Passed, 1, 120));
        Assert.All(scene.Sandbox.RateLimitWindows, window => Assert.Equal(0, window.Refused));
    }

    private static async Task<Scene> OpenAsync(RedisServer redis, string? settings = null)
    {
        var sandbox = await SandboxHost.StartAsync(new SandboxOptions { RateLimit = true }, Cancellation);
        var gateways = new List<GatewayFixture>();
        for (var i = 0; i < 3; i++)
            gateways.Add(await GatewayFixture.StartAsync(sandbox, settings: settings, environment: new Dictionary<string, string?>(SharedScene.At(redis.Address)) { ["CalGateway__Upstream__Quota__Enabled"] = "true" }));
        await Eventually.TrueAsync(() => gateways.All(SharedScene.IsUp), "all have reached Redis", TimeSpan.FromSeconds(30));
        return new Scene(sandbox, gateways);
    }

    private sealed record Scene(SandboxHost Sandbox, IReadOnlyList<GatewayFixture> Gateways) : IAsyncDisposable
    {
        /// <summary>Each gateway is asked so often, eight at a time: how many were answered.</summary>
        public async Task<int> AskAsync(int each, string? key = null)
        {
            var answered = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, each * Gateways.Count), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (number, cancellation) =>
            {
                using var caller = Gateways[number % Gateways.Count].CreateClient();
                if (key is not null)
                    caller.DefaultRequestHeaders.Add("X-Api-Key", key);
                using var answer = await caller.GetAsync(Me, cancellation);
                if (answer.StatusCode == HttpStatusCode.OK)
                    Interlocked.Increment(ref answered);
            });
            return answered;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var gateway in Gateways)
                await gateway.DisposeAsync();
            await Sandbox.DisposeAsync();
        }
    }
}
