using System.Diagnostics;
using System.Net;
using CalGateway.CalCom.Protection;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.CalCom.Protection;

/// <summary>However many callers there are, Cal.com gets no more requests at once than it is to get.</summary>
public sealed class ConcurrencyTests
{
    private const string Uncached = "/calcom/v2/me";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_as_may_are_sent_as_many_wait_and_the_rest_is_told_to_ask_again()
    {
        await using var scene = await OpenAsync(2);
        scene.Sandbox.Faults.Add(Fault.Hang());
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var sent = Enumerable.Range(0, 2).Select(_ => scene.GetAsync(Uncached)).ToList();
        await Eventually.TrueAsync(() => scene.Sandbox.Requests.Count == 2, "two are at Cal.com");
        var goes = scene.Caller.GetAsync("/calcom/v2/schedules", hangUp.Token);
        var waits = scene.GetAsync("/calcom/v2/bookings");

        var lane = scene.Gateway.Services.GetRequiredService<UpstreamLanes>().All.Single();
        await Eventually.TrueAsync(() => lane.Bulkhead.Waiting == 2, "two wait");
        var protection = (await scene.Gateway.StatusAsync())["upstream"]!["protection"]!;
        Assert.Equal((2, 2, 2), ((int)protection["atCalCom"]!, (int)protection["waiting"]!, (int)protection["maxConcurrency"]!));

        var refused = await scene.GetAsync(Uncached);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "circuit-open", "2"), (refused.Status, refused.Code, refused["Retry-After"]));
        Assert.Contains("MaxConcurrency", refused.Text, StringComparison.Ordinal);

        // Whoever hangs up while it waits frees its place, and is not sent.
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => goes);
        await Eventually.TrueAsync(() => lane.Bulkhead.Waiting == 1, "its place is free");
        scene.Sandbox.Faults.Clear();
        Assert.All(await Task.WhenAll([.. sent, waits]), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.DoesNotContain(scene.Sandbox.Requests.All, request => request.Target.Contains("schedules", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(Uncached)).Status);
    }

    [Fact]
    public async Task A_place_is_held_until_the_answer_is_read_to_its_end()
    {
        await using var scene = await OpenAsync(1);
        scene.Sandbox.Faults.Add(Fault.SlowBody(TimeSpan.FromMinutes(1), times: 1));
        using var first = await scene.Caller.GetAsync(Uncached, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        var second = scene.GetAsync("/calcom/v2/schedules");
        await Assert.ThrowsAsync<TimeoutException>(() => second.WaitAsync(TimeSpan.FromMilliseconds(300), Cancellation));
        first.Dispose(); // the caller hangs up

        Assert.Equal(HttpStatusCode.OK, (await second).Status);
    }

    [Fact]
    public async Task Where_a_stored_list_can_be_served_nobody_waits()
    {
        await using var scene = await OpenAsync(1, "\"Fresh\": \"00:00:01\", \"StaleWhileRevalidate\": \"00:00:00\"");
        var stored = await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Hang());
        var hanging = scene.GetAsync(Uncached);
        await Eventually.TrueAsync(() => scene.Sandbox.Requests.Count == 2, "the one place is taken");

        Reply? stale = null;
        await Eventually.TrueAsync(async () => !(stale = await scene.GetAsync()).CacheStatus.Contains("hit", StringComparison.Ordinal), "it is stale");

        Assert.Matches("^CalGateway; fwd=stale; ttl=-?[0-9]+; detail=circuit-open$", stale!.CacheStatus);
        Assert.Equal(stored.Text, stale.Text);
        scene.Sandbox.Faults.Clear();
        await hanging;
    }

    /// <summary>Everybody is answered while Cal.com hangs, and one request suffices to find out that it is back.</summary>
    [Fact]
    public async Task Two_thousand_callers_on_cold_keys_at_a_Cal_com_that_hangs()
    {
        const int callers = 2000;
        await using var scene = await CacheScene.OpenAsync(realClock: true, environment: new Dictionary<string, string?>
        {
            ["CalGateway__Cache__Deadline"] = "00:00:03",
            ["CalGateway__Upstream__Circuit__BreakDuration"] = "00:00:02",
        });
        scene.Sandbox.Faults.Add(Fault.Hang());
        var watch = Stopwatch.StartNew();

        var replies = await Task.WhenAll(Enumerable.Range(0, callers).Select(number => scene.GetAsync($"{CacheScene.List}?skip={number}")));

        TestContext.Current.TestOutputHelper?.WriteLine($"{watch.Elapsed} for {callers}; {scene.Sandbox.Requests.Count} at Cal.com; " +
            string.Join(", ", replies.GroupBy(reply => reply.Code).Select(group => $"{group.Count()} {group.Key}")));
        Assert.InRange(scene.Sandbox.Requests.Count, 1, 110); // a hundred at once, and a few probes
        Assert.All(replies, reply => Assert.Contains(reply.Code, new[] { "circuit-open", "quota-exhausted", "upstream-timeout" }));
        Assert.All(replies, reply => Assert.True(reply.Status == HttpStatusCode.GatewayTimeout || reply["Retry-After"] is not null));

        scene.Sandbox.Faults.Clear();
        await Eventually.TrueAsync(async () => (await scene.GetAsync(CacheScene.List)).Status == HttpStatusCode.OK, "Cal.com is asked again", TimeSpan.FromSeconds(5));
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 20).Select(number => scene.GetAsync($"{CacheScene.List}?skip={number}&take=1"))),
            reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
    }

    [Fact]
    public async Task The_limit_can_be_edited_and_0_is_none()
    {
        await using var scene = await OpenAsync(1);
        scene.Sandbox.Faults.Add(Fault.Hang());
        var hanging = Enumerable.Range(0, 2).Select(_ => scene.GetAsync(Uncached)).ToList();
        await Eventually.TrueAsync(() => scene.Sandbox.Requests.Count == 1, "one is at Cal.com");

        scene.Gateway.Edit(text => text.Replace("\"MaxConcurrency\": 1", "\"MaxConcurrency\": 0", StringComparison.Ordinal));

        await Eventually.TrueAsync(
            () =>
            {
                hanging.Add(scene.GetAsync(Uncached));
                return scene.Sandbox.Requests.Count >= 3;
            },
            "all are at Cal.com");
        scene.Sandbox.Faults.Clear();
        Assert.Contains(HttpStatusCode.OK, (await Task.WhenAll(hanging)).Select(reply => reply.Status));
    }

    private static Task<CacheScene> OpenAsync(int most, string policy = "\"Fresh\": \"00:01:00\"") => CacheScene.OpenAsync(
        GatewayFixture.ShippedSettings
            .Replace("\"CalGateway\": {", $"\"CalGateway\": {{ \"Upstream\": {{ \"MaxConcurrency\": {most} }},", StringComparison.Ordinal)
            .Replace("\"Fresh\": \"00:01:00\"", policy, StringComparison.Ordinal),
        realClock: true);
}
