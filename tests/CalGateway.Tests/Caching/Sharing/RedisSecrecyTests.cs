using System.Text;
using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Configuration;
using CalGateway.Journey.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static CalGateway.Tests.Caching.Sharing.SharedScene;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>Alone, for Redis is given up after a tenth of a second, and on a machine that is busy with other tests that may be over before it had its turn.</summary>
[Collection(RunsAlone.Name)]
public sealed class RedisSecrecyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_in_Redis_can_be_read_or_forged_without_the_credential()
    {
        await using var scene = await SharedScene.OpenAsync();
        var (query, _) = await scene.ShareAsync();

        var (key, value) = Assert.Single(await scene.Redis.ValuesAsync());
        Assert.StartsWith("calgateway:", key, StringComparison.Ordinal);
        Assert.DoesNotContain("owner", key, StringComparison.Ordinal);
        Assert.DoesNotContain("Meeting", Encoding.Latin1.GetString(value), StringComparison.Ordinal);

        foreach (var foreign in new[] { [], "foreign"u8.ToArray(), [.. value[..^1], (byte)(value[^1] ^ 1)], new byte[4096] })
        {
            await scene.Redis.OverwriteAsync(key, foreign);
            var other = await scene.JoinAsync();
            Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(other, query)).CacheStatus);
            await Eventually.TrueAsync(async () => !(await scene.Redis.ValuesAsync())[key].AsSpan().SequenceEqual(foreign), "the list is shared again");
        }
    }

    [Fact]
    public async Task What_another_version_of_the_gateway_has_stored_is_not_read()
    {
        await using var scene = await SharedScene.OpenAsync();
        var (query, _) = await scene.ShareAsync();
        var name = Assert.Single(await scene.Redis.ValuesAsync()).Key;
        var key = scene.One.Services.GetRequiredService<AnswerTable>().All.Single(answer => answer.Key.EndsWith(query, StringComparison.Ordinal)).Key;

        foreach (var plain in new[] { [], [1, 2, 3], [2, .. new byte[20]], [2, .. Enumerable.Repeat((byte)0xff, 40)], "other"u8.ToArray() })
        {
            var foreign = SealedValue.Seal(plain, key, scene.One.Services.GetRequiredService<Credential>().Current);
            await scene.Redis.OverwriteAsync(name, foreign);
            var other = await scene.JoinAsync();
            Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(other, query)).CacheStatus);
            Assert.DoesNotContain(other.Logs.Lines, line => line.Level >= LogLevel.Error);
            await Eventually.TrueAsync(async () => !(await scene.Redis.ValuesAsync())[name].AsSpan().SequenceEqual(foreign), "the list is shared again");
        }
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
        await using var one = await GatewayFixture.StartAsync(sandbox, environment: At(redis.Address + options));
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
            () => GatewayFixture.StartAsync(sandbox, environment: At("localhost,password=hush,nonsense=1")));
        Assert.Contains("Cache:Redis", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }
}
