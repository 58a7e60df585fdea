using System.Net;
using CalGateway.Management.Live;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CalGateway.Tests.Management;

/// <summary>What pages are told while they stand open.</summary>
public sealed class LiveEventsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listener_is_told_everything_at_once_and_then_what_changes()
    {
        await using var pair = await Pair.StartAsync();
        await using var stream = await EventStream.OpenAsync(pair.Gateway);

        Assert.Equal("text/event-stream", stream.Answer.Content.Headers.ContentType?.MediaType);
        Assert.Matches("^[0-9a-f]{64}$", (await stream.NextAsync("token")).Data);
        var status = await stream.WhenAsync("status", _ => true);
        Assert.Equal(0, (int)status["traffic"]!["requests"]!);
        Assert.Equal(90, (await stream.WhenAsync("pulse", _ => true))["requests"]!.AsArray().Count);

        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();

        status = await stream.WhenAsync("status", told => (int)told["traffic"]!["requests"]! == 2);
        Assert.Equal((1, 0.5), ((int)status["upstream"]!["requests"]!, (double)status["traffic"]!["hitRatio"]!));
        var pulse = await stream.WhenAsync("pulse", told => told["requests"]!.AsArray().Sum(number => (int)number!) == 2);
        Assert.Equal(2, pulse["routes"]!["event-types"]!.AsArray().Sum(number => (int)number!));
        Assert.Single(pulse["upstreamMedian"]!.AsArray(), number => number is not null);
    }

    [Fact]
    public async Task A_quiet_gateway_says_now_and_then_that_it_is_there()
    {
        await using var scene = await CacheScene.OpenAsync();
        await using var stream = await EventStream.OpenAsync(scene.Gateway);
        await stream.NextAsync("pulse");

        var heartbeat = stream.NextAsync("heartbeat");
        await Eventually.TrueAsync(
            () =>
            {
                scene.Clock.Advance(TimeSpan.FromSeconds(1));
                return heartbeat.IsCompleted;
            },
            "a heartbeat comes");
    }

    [Fact]
    public async Task Listeners_are_bounded_and_one_that_leaves_makes_room()
    {
        await using var pair = await Pair.StartAsync();
        var streams = new List<EventStream>();
        for (var index = 0; index < LiveEvents.MaxListeners; index++)
            streams.Add(await EventStream.OpenAsync(pair.Gateway));

        await using (var refused = await EventStream.OpenAsync(pair.Gateway))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Answer.StatusCode);
            Assert.NotNull(refused.Answer.Headers.RetryAfter);
        }

        await streams[0].DisposeAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await using var late = await EventStream.OpenAsync(pair.Gateway);
                return late.Answer.StatusCode == HttpStatusCode.OK;
            },
            "there is room again");
        foreach (var stream in streams.Skip(1))
            await stream.DisposeAsync();
    }

    [Fact]
    public async Task A_stop_ends_the_stream_and_does_not_wait_for_it()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        await using var stream = await EventStream.OpenAsync(gateway);
        await stream.NextAsync("status");

        var stopped = gateway.Services.GetRequiredService<IHost>().StopAsync(Cancellation);

        await stream.EndAsync();
        await stopped.WaitAsync(TimeSpan.FromSeconds(10), Cancellation); // Kestrel would give a request under way thirty
    }
}
