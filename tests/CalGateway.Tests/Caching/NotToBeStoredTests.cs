using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching;

/// <summary>What Cal.com forbids to store is given to those who waited for it, and to nobody after.</summary>
public sealed class NotToBeStoredTests
{
    private const string Secret = """{"status":"success","data":[{"id":1,"title":"Once"}]}""";

    [Theory]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Cache-Control", "max-age=60, No-Store")]
    [InlineData("Cache-Control", "private")]
    [InlineData("Cache-Control", "private=\"X-Total-Count\"")]
    [InlineData("Cache-Control", "PRIVATE = \"X-Total-Count, X-Other\", max-age=60")]
    [InlineData("Cache-Control", "no-store;")]
    [InlineData("Cache-Control", "max-age=60; no-store")]
    [InlineData("Cache-Control", "max-age=60\r\nCache-Control: no-store")]
    [InlineData("Vary", "Accept\r\nVary: *")]
    [InlineData("Vary", "*")]
    [InlineData("Vary", "Accept, *")]
    public async Task It_is_given_to_all_who_waited_and_asked_for_again_by_the_next(string header, string value)
    {
        var release = new TaskCompletionSource();
        var asked = 0;
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            if (Interlocked.Increment(ref asked) == 1)
                await release.Task.WaitAsync(exchange.Stopping);
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{header}: {value}\r\nContent-Length: {Secret.Length}\r\nConnection: close\r\n\r\n{Secret}");
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        async Task<Reply> GetAsync()
        {
            using var answer = await caller.GetAsync(CacheScene.List, TestContext.Current.CancellationToken);
            return await Reply.ReadAsync(answer);
        }

        var waiting = Enumerable.Range(0, 5).Select(_ => GetAsync()).ToList();
        await Eventually.TrueAsync(() => Volatile.Read(ref asked) == 1, "Cal.com is asked for all of them");
        release.SetResult();

        Assert.All(await Task.WhenAll(waiting), reply => Assert.Equal(Secret, reply.Text));
        var before = Volatile.Read(ref asked);
        for (var next = 1; next < 5; next++)
        {
            Assert.Equal("CalGateway; fwd=uri-miss; fwd-status=200", (await GetAsync()).CacheStatus);
            Assert.Equal(before + next, Volatile.Read(ref asked));
        }
    }

    [Fact]
    public async Task What_was_stored_before_it_is_served_no_more_unless_Cal_com_fails()
    {
        await using var scene = await CacheScene.OpenAsync();
        var stored = await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(70));
        scene.Sandbox.Faults.Add(Fault.Status(200, body: Secret, headers: new Dictionary<string, string> { ["Cache-Control"] = "no-store" }));

        Assert.Equal(stored.Text, (await scene.GetAsync()).Text); // and it is refreshed behind
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Text == Secret, "the old one is served no more");
        Assert.Equal("no-store", (await scene.GetAsync())["Cache-Control"]);

        scene.Sandbox.Faults.Clear();
        scene.Sandbox.Faults.Add(Fault.Status(503));
        Assert.Equal(stored.Text, (await scene.GetAsync()).Text);
    }
}
