using System.Net;
using CalGateway.Caching;
using CalGateway.Caching.Filling;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching;

public sealed class FillTests
{
    private const int Crowd = 500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_crowd_at_a_cold_key_costs_Cal_com_one_request()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.Hang());

        var crowd = Enumerable.Range(0, Crowd).Select(_ => scene.GetAsync()).ToList();
        await Eventually.TrueAsync(() => scene.Asked == 1, "Cal.com was asked");
        scene.Sandbox.Faults.Clear();
        var replies = await Task.WhenAll(crowd);

        Assert.All(replies, reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Single(replies, reply => reply.CacheStatus == "CalGateway; fwd=uri-miss; stored");
        Assert.All(replies, reply => Assert.Matches("^CalGateway; (fwd=uri-miss; (stored|collapsed)|hit; ttl=60)$", reply.CacheStatus));
        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task Whoever_comes_as_the_answer_lands_costs_Cal_com_no_request_either()
    {
        const int lists = 150;
        const int callers = 24;
        await using var scene = await CacheScene.OpenAsync(realClock: true);

        foreach (var number in Enumerable.Range(1, lists))
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(() => scene.GetAsync($"{CacheScene.List}?take={number}"), Cancellation)));

        Assert.Equal(lists, scene.Asked);
    }

    [Fact]
    public async Task Callers_who_hang_up_take_nothing_from_the_others()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.Hang());
        using var hangUp = new CancellationTokenSource();

        var first = Enumerable.Range(0, 50).Select(_ => scene.Caller.GetAsync(CacheScene.List, hangUp.Token)).ToList();
        await Eventually.TrueAsync(() => scene.Asked == 1, "Cal.com was asked on behalf of the first");
        var others = Enumerable.Range(0, Crowd).Select(_ => scene.GetAsync()).ToList();
        await hangUp.CancelAsync();
        foreach (var gone in first)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        scene.Sandbox.Faults.Clear();

        Assert.All(await Task.WhenAll(others), reply => Assert.Equal(HttpStatusCode.OK, reply.Status));
        Assert.Equal(1, scene.Asked);
    }

    [Theory]
    [InlineData("503", HttpStatusCode.ServiceUnavailable)]
    [InlineData("reset", HttpStatusCode.BadGateway)]
    [InlineData("hang", HttpStatusCode.GatewayTimeout)]
    public async Task A_crowd_at_a_cold_key_with_Cal_com_failing_shares_the_failure(string how, HttpStatusCode told)
    {
        await using var scene = await CacheScene.OpenAsync(
            realClock: true, environment: new Dictionary<string, string?> { ["CalGateway__Cache__Deadline"] = "00:00:02", ["CalGateway__Cache__FailureMemory"] = "00:00:20" });
        scene.Sandbox.Faults.Add(how switch
        {
            "503" => Fault.Status(503),
            "reset" => Fault.Reset(),
            _ => Fault.Hang(),
        });

        var replies = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => scene.GetAsync()));

        Assert.All(replies, reply => Assert.Equal(told, reply.Status));
        Assert.InRange(scene.Asked, 1, 5);
    }

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
    public async Task Each_who_shares_a_failure_is_told_it_under_a_trace_of_his_own()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Reset());

        var (first, second, third) = (await scene.GetAsync(), await scene.GetAsync(), await scene.GetAsync());

        // One failure may be a stumble; two in a row are remembered.
        Assert.Equal("CalGateway; fwd=uri-miss", first.CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss", second.CacheStatus);
        Assert.Equal("CalGateway; detail=remembered", third.CacheStatus);
        Assert.Contains(second["X-Request-Id"]!, second.Text, StringComparison.Ordinal);
        Assert.Contains(third["X-Request-Id"]!, third.Text, StringComparison.Ordinal);
        Assert.Equal(4, scene.Asked); // each of the two was sent once more
    }

    [Fact]
    public async Task Cal_com_is_tried_again_when_the_failure_is_forgotten_or_when_it_said_to()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(30)));
        await scene.GetAsync();

        scene.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await scene.GetAsync()).Status);
        Assert.Equal(1, scene.Asked);

        scene.Sandbox.Faults.Clear();
        scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Status == HttpStatusCode.OK, "Cal.com is tried again");
        Assert.Equal(2, scene.Asked);
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

    [Fact]
    public async Task Cal_com_may_say_by_a_date_when_it_is_to_be_tried_again()
    {
        await using var scene = await CacheScene.OpenAsync();
        var date = (scene.Clock.GetUtcNow() + TimeSpan.FromSeconds(20)).ToString("R");
        scene.Sandbox.Faults.Add(Fault.Status(429, headers: new Dictionary<string, string> { ["Retry-After"] = date }));

        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(10));
        await scene.GetAsync();
        Assert.Equal(1, scene.Asked);

        scene.Clock.Advance(TimeSpan.FromSeconds(11));
        await Eventually.TrueAsync(
            async () =>
            {
                await scene.GetAsync();
                return scene.Asked == 2;
            },
            "it is asked again");
    }

    [Fact]
    public async Task Failures_that_are_remembered_are_bounded_and_make_room_for_others_when_they_are_forgotten()
    {
        const int failures = 600; // 2 KiB each, of which a mebibyte may be remembered
        await using var scene = await CacheScene.OpenAsync(environment: new Dictionary<string, string?> { ["CalGateway__Cache__MaxBytes"] = "1048576" });
        scene.Sandbox.Faults.Add(Fault.Status(400, body: """{"status":"error","error":{"code":"BadRequestException","message":"No."}}""").For("GET", null));
        foreach (var number in Enumerable.Range(1, failures))
            await scene.GetAsync($"{CacheScene.List}?take={number}");

        Assert.Equal("CalGateway; detail=remembered", (await scene.GetAsync($"{CacheScene.List}?take=1")).CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss; fwd-status=400", (await scene.GetAsync($"{CacheScene.List}?take={failures}")).CacheStatus);

        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(
            async () => (await scene.GetAsync($"{CacheScene.List}?skip=1")).CacheStatus == "CalGateway; detail=remembered", "a new failure is remembered");
    }

    [Fact]
    public async Task A_list_that_was_too_large_is_not_tried_in_vain_again_for_ten_minutes()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.HugeBody(5_000_000).For("GET", null));

        async Task<int> AskedByOneMoreAsync()
        {
            var before = scene.Asked;
            Assert.Equal("CalGateway; fwd=bypass; detail=too-large", (await scene.GetAsync()).CacheStatus);
            return scene.Asked - before;
        }

        Assert.Equal(2, await AskedByOneMoreAsync());
        scene.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(1, await AskedByOneMoreAsync());
        scene.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(2, await AskedByOneMoreAsync());
    }

    [Fact]
    public async Task None_of_a_callers_headers_is_on_the_request_for_all()
    {
        await using var scene = await CacheScene.OpenAsync();

        await scene.GetAsync(CacheScene.List, ("Accept-Language", "de"), ("User-Agent", "a-callers/1.0"), ("Accept", "text/html"), ("Range", "bytes=0-1"));

        var asked = Assert.Single(scene.Sandbox.Requests.All);
        Assert.Equal(["application/json"], asked.Header("Accept"));
        Assert.DoesNotContain("a-callers/1.0", asked.Header("User-Agent"));
        Assert.Empty(asked.Header("Accept-Language"));
        Assert.Empty(asked.Header("Range"));
    }
}
