using CalGateway.Caching.Store;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;
using static CalGateway.Tests.Caching.Sharing.SharedScene;

namespace CalGateway.Tests.Caching.Sharing;

[Collection(RunsAlone.Name)]
public sealed class LateRedisTests
{
    private const int Looks = 80; // twenty seconds of them
    private const int Evictions = 30_000;

    [Fact]
    public async Task A_Redis_that_comes_late_is_listened_to_once_and_its_messages_are_kept_by_nobody()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var redis = await RedisServer.StartAsync();
        await using var line = new RedisLine(redis.Address);
        line.Cut(onlySubscriptions: false);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, environment: At(line.Address), adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        var looks = 0;
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return ++looks == Looks;
            },
            "Redis was looked for",
            TimeSpan.FromSeconds(30));
        line.Mend();
        await Eventually.TrueAsync(
            () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                return IsUp(gateway);
            },
            "Redis is reached",
            TimeSpan.FromSeconds(30));

        var before = Held();
        await using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.Address))
        {
            var channel = RedisChannel.Literal("calgateway:evict");
            Assert.Equal(1, (await connection.GetServer(redis.Address).SubscriptionSubscriberCountAsync(channel)));
            for (var number = 1; number < Evictions; number++)
                connection.GetSubscriber().Publish(channel, $"somebody evict other-{number % 100}", CommandFlags.FireAndForget);
            await GetAsync(gateway);
            await connection.GetSubscriber().PublishAsync(channel, "somebody evict event-types");
        }

        var table = gateway.Services.GetRequiredService<AnswerTable>();
        await Eventually.TrueAsync(() => table.Count == 0, "the last eviction was heard", TimeSpan.FromSeconds(30));

        // Each message that somebody keeps takes some two hundred bytes, and would be kept once for each look.
        Assert.InRange(Held() - before, long.MinValue, 30 << 20);
    }

    private static long Held()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
