using System.Net;
using System.Text;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>A real Redis, and two gateways before one sandbox that share what they store through it.</summary>
internal sealed class SharedScene : IAsyncDisposable
{
    private readonly List<GatewayFixture> _gateways = [];

    private SharedScene(RedisServer redis, SandboxHost sandbox)
    {
        Redis = redis;
        Sandbox = sandbox;
    }

    public RedisServer Redis { get; }

    public SandboxHost Sandbox { get; }

    public GatewayFixture One => _gateways[0];

    public GatewayFixture Other => _gateways[1];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="options">Redis's, as on its command line.</param>
    public static async Task<SharedScene> OpenAsync(params string[] options)
    {
        var redis = await RedisServer.StartAsync(options);
        var scene = new SharedScene(redis, await SandboxHost.StartAsync(cancellationToken: Cancellation));
        await scene.JoinAsync();
        await scene.JoinAsync();
        return scene;
    }

    /// <summary>One more gateway, once it has reached Redis.</summary>
    /// <param name="environment">More variables.</param>
    /// <param name="adjust">The last word on its services.</param>
    public async Task<GatewayFixture> JoinAsync(IReadOnlyDictionary<string, string?>? environment = null, Action<WebApplicationBuilder>? adjust = null)
    {
        var variables = At(Redis.Address);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
            variables[name] = value;

        var gateway = await GatewayFixture.StartAsync(Sandbox, environment: variables, adjust: adjust);
        _gateways.Add(gateway);
        await UpAsync(gateway);
        return gateway;
    }

    /// <summary>The variables that tell a gateway of a Redis.</summary>
    /// <summary>These tests load the gateways with more than a key's quota, which is not their subject.</summary>
    public static Dictionary<string, string?> At(string redis) => new() { ["CalGateway__Cache__Redis"] = redis, ["CalGateway__Upstream__Quota__Enabled"] = "false" };

    public static bool IsUp(GatewayFixture gateway) => gateway.Services.GetRequiredService<RedisHealth>().IsUp;

    public static Task UpAsync(params GatewayFixture[] gateways) =>
        Eventually.TrueAsync(() => gateways.All(IsUp), "Redis is reached", TimeSpan.FromSeconds(20));

    public static Task DownAsync(params GatewayFixture[] gateways) =>
        Eventually.TrueAsync(() => !gateways.Any(IsUp), "Redis is known to be down");

    public static async Task<Reply> GetAsync(GatewayFixture gateway, string query = "")
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync(CacheScene.List + query, Cancellation);
        return await Reply.ReadAsync(answer);
    }

    public static async Task RenameAsync(GatewayFixture gateway, string title) =>
        Assert.Equal(HttpStatusCode.OK, await PatchAsync(gateway, title));

    public static async Task<HttpStatusCode> PatchAsync(GatewayFixture gateway, string title)
    {
        using var caller = gateway.CreateClient();
        using var rename = new StringContent($$"""{"title":"{{title}}"}""", Encoding.UTF8, "application/json");
        using var written = await caller.PatchAsync(CacheScene.List + "/3928133", rename, Cancellation);
        return written.StatusCode;
    }

    /// <summary>Has a gateway store a list and share it. What is not in Redis soon was given up, as on a busy machine it may be; another list is tried.</summary>
    public async Task<(string Query, Reply Stored)> ShareAsync(GatewayFixture? gateway = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var query = $"?take={attempt}&username=owner";
            var stored = await GetAsync(gateway ?? One, query);
            if (await AppearsAsync() || attempt == 20)
                return (query, stored);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
            await gateway.DisposeAsync();
        await Sandbox.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private async Task<bool> AppearsAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        for (var look = 0; look < 10; look++)
        {
            if ((await Redis.ValuesAsync()).Count > 0)
                return true;
            await pace.WaitForNextTickAsync(Cancellation);
        }

        return false;
    }
}
