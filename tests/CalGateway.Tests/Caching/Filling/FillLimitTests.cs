using System.Net;
using CalGateway.Caching;
using CalGateway.Caching.Filling;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching.Filling;

/// <summary>How long a fill may take, how large it may be, and how many there may be.</summary>
public sealed class FillLimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_without_end_is_passed_on_as_long_as_the_caller_listens_and_is_held_by_nobody()
    {
        var (sent, ended) = (0L, 0);
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            try
            {
                await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1c\r\n{\"status\":\"success\",\"data\":[\r\n");
                for (var piece = $"10000\r\n{new string(' ', 0x10000)}\r\n"; ; Interlocked.Add(ref sent, piece.Length))
                    await exchange.SendAsync(piece);
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        using (var answer = await caller.GetAsync(CacheScene.List, HttpCompletionOption.ResponseHeadersRead, Cancellation))
        {
            Assert.Equal("CalGateway; fwd=bypass; detail=too-large", answer.Headers.GetValues("Cache-Status").Single());
            await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
            await body.ReadExactlyAsync(new byte[20 << 20], Cancellation);
        }

        await Eventually.TrueAsync(() => Volatile.Read(ref ended) == 2, "both exchanges are broken off");
        Assert.InRange(Interlocked.Read(ref sent), 20 << 20, 64 << 20);
        var report = gateway.Services.GetRequiredService<AnswerCache>().Report();
        Assert.Equal((0, 0), (report.Entries, report.Bytes));
    }

    [Fact]
    public async Task Nobody_waits_longer_than_the_deadline()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Hang());

        var waiting = scene.GetAsync();
        await Eventually.TrueAsync(() => scene.Asked == 1, "Cal.com was asked");
        scene.Clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal(HttpStatusCode.GatewayTimeout, (await waiting).Status);
    }

    [Fact]
    public async Task A_list_of_fifty_megabytes_is_streamed_through_and_not_stored()
    {
        const long size = 50 * 1024 * 1024;
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.HugeBody(size));

        foreach (var asked in new[] { 2, 3 })
        {
            using var answer = await scene.Caller.GetAsync(CacheScene.List, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
            var read = 0L;
            for (var buffer = new byte[1 << 20]; await body.ReadAsync(buffer, Cancellation) is > 0 and var count;)
                read += count;

            Assert.Equal("CalGateway; fwd=bypass; detail=too-large", answer.Headers.GetValues("Cache-Status").Single());
            Assert.Equal(size, read);
            Assert.Equal(asked, scene.Asked); // once in vain, and not again for the second caller
        }
    }

    [Fact]
    public async Task So_many_callers_who_come_and_go_have_no_more_fills_in_flight_than_there_may_be()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true, environment: new Dictionary<string, string?>
        {
            ["CalGateway__Upstream__MaxConcurrency"] = "1000", ["CalGateway__Upstream__Quota__Enabled"] = "false",
        });
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Hang());
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var gone = Enumerable.Range(0, Fills.MaxInFlight).Select(number => scene.Caller.GetAsync($"{CacheScene.List}?skip={number}", hangUp.Token)).ToList();
        await Eventually.TrueAsync(() => scene.Sandbox.Requests.Count == Fills.MaxInFlight + 1, "all are on their way");
        await hangUp.CancelAsync();
        foreach (var caller in gone)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);

        // Nothing is forwarded past the bound.
        var refused = await scene.GetAsync($"{CacheScene.List}?skip={Fills.MaxInFlight}");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CalGateway; detail=busy", "2"), (refused.Status, refused.CacheStatus, refused["Retry-After"]));
        Assert.Equal(Fills.MaxInFlight + 1, scene.Sandbox.Requests.Count);
        var demanded = await scene.GetAsync(CacheScene.List, ("Cache-Control", "no-cache"));
        Assert.Matches("^CalGateway; hit; ttl=[0-9]+; detail=busy$", demanded.CacheStatus);
    }

    [Fact]
    public async Task Who_hangs_up_while_waiting_is_counted_as_the_miss_that_it_was()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        using var meters = new MeterRecorder(scene.Gateway);
        scene.Sandbox.Faults.Add(Fault.Hang());
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var gone = Enumerable.Range(0, 3).Select(_ => scene.Caller.GetAsync(CacheScene.List, hangUp.Token)).ToList();
        await Eventually.TrueAsync(() => scene.Asked == 1, "Cal.com was asked");
        await hangUp.CancelAsync();
        foreach (var caller in gone)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);

        await Eventually.TrueAsync(
            () => meters.Value("calgateway.cache.requests calgateway.cache.result=miss,calgateway.route=event-types") == 1, "one is the miss");
        await Eventually.TrueAsync(
            () => meters.Names.Any(name => name.StartsWith("http.server.request.duration ", StringComparison.Ordinal) && name.Contains("status_code=499", StringComparison.Ordinal)),
            "and told as a caller's hanging up");
    }
}
