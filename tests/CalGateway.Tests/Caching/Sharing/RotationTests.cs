using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Journey.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>A key that is rotated while a list is being fetched.</summary>
public sealed class RotationTests
{
    [Fact]
    public async Task A_fill_is_signed_with_the_key_that_its_answer_is_stored_for_however_the_key_is_rotated_meanwhile()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56)); // stands still while Redis does, so that nobody loses patience
        await using var redis = await RedisServer.StartAsync();
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, environment: SharedScene.At(redis.Address), adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return gateway.Services.GetRequiredService<RedisHealth>().IsUp;
            },
            "Redis is reached", TimeSpan.FromSeconds(20));
        var key = gateway.Services.GetRequiredService<Credential>();

        redis.Freeze();
        var lists = Enumerable.Range(1, 5).Select(take => SharedScene.GetAsync(gateway, $"?take={take}&username=owner")).ToList();
        using (var caller = gateway.CreateClient())
        {
            // A request of each list stands before Redis by the time that so many later ones have been answered.
            for (var look = 0; look < 50; look++)
                (await caller.GetAsync("/healthz/live", TestContext.Current.CancellationToken)).Dispose();
        }

        Assert.True(key.Replace(new Signature("cal_test_of_another_account")));
        redis.Thaw();

        var filled = await Task.WhenAll(lists);
        Assert.All(filled, list => Assert.Equal(200, (int)list.Status));
        Assert.All(sandbox.Requests.All, asked => Assert.Equal("Bearer " + sandbox.ApiKey, asked.Header("Authorization").Single()));

        // What the former account was answered is not the other's, and is there again with the former key.
        Assert.Equal(502, (int)(await SharedScene.GetAsync(gateway, "?take=1&username=owner")).Status);
        Assert.True(key.Replace(new Signature(sandbox.ApiKey)));
        Assert.Contains("CalGateway; hit", (await SharedScene.GetAsync(gateway, "?take=2&username=owner")).CacheStatus, StringComparison.Ordinal);
    }
}
