using System.Net;
using CalGateway.Caching.Store;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Filling;

/// <summary>What the process holds of bodies that are on their way.</summary>
[Collection(RunsAlone.Name)]
public sealed class BodiesInFlightTests(ITestOutputHelper output)
{
    private const int Callers = 100;
    private const int Length = 3_900_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_large_lists_at_once_take_no_more_than_256_MB(bool isLengthAnnounced)
    {
        await using var upstream = LargeLists(isLengthAnnounced);
        await using var gateway = GatewayProcess.Start(["--urls", "http://127.0.0.1:0"], new Dictionary<string, string>
        {
            ["CALCOM_API_KEY"] = "cal_test_the_gateways_own",
            ["CALCOM_BASE_URL"] = upstream.Address.AbsoluteUri,
            ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
        });
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync(), Timeout = TimeSpan.FromMinutes(2) };
        Assert.Equal(HttpStatusCode.OK, (await LengthOfAsync(caller, 0)).Status);
        Assert.SkipWhen(gateway.PeakMemory() is null, "Peaks of memory are told under /proc.");
        var before = gateway.PeakMemory()!.Value;

        var answers = await Task.WhenAll(Enumerable.Range(1, Callers).Select(number => LengthOfAsync(caller, number)));

        var more = gateway.PeakMemory()!.Value - before;
        output.WriteLine($"{before >> 20} MB before, {more >> 20} MB more");
        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.OK, (long)Length), answer));
        Assert.InRange(more, 0, 256 << 20);
    }

    [Fact]
    public async Task Callers_are_answered_before_a_large_list_is_compressed_and_soon_it_is()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.HugeBody(Length).For("GET", null));

        var first = await scene.GetAsync(CacheScene.List, ("Accept-Encoding", "br, gzip"));

        Assert.Null(first["Content-Encoding"]);
        Assert.Equal(Length, first.Body.Length);
        foreach (var encoding in new[] { "br", "gzip" })
        {
            await Eventually.TrueAsync(
                async () => (await scene.GetAsync(CacheScene.List, ("Accept-Encoding", encoding)))["Content-Encoding"] == encoding, $"it is there as {encoding}", TimeSpan.FromSeconds(30));
        }

        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task Who_finds_too_little_left_waits_in_turn_or_goes_without_and_what_is_given_back_is_there_again()
    {
        var budget = new Budget(10, TimeProvider.System);
        Assert.Equal(6, await budget.TakeAsync(6, TimeSpan.Zero, Cancellation));
        Assert.Null(await budget.TakeAsync(5, TimeSpan.Zero, Cancellation));

        var large = budget.TakeAsync(100, Timeout.InfiniteTimeSpan, Cancellation).AsTask();
        var small = budget.TakeAsync(1, Timeout.InfiniteTimeSpan, Cancellation).AsTask();
        Assert.False(large.IsCompleted || small.IsCompleted, "both wait, the small one behind the large one");
        budget.Release(6);
        Assert.Equal(10, await large);
        Assert.False(small.IsCompleted, "the large one takes all there is");
        budget.Release(10);
        Assert.Equal(1, await small);

        using var gone = new CancellationTokenSource();
        var waiting = budget.TakeAsync(10, Timeout.InfiniteTimeSpan, gone.Token).AsTask();
        await gone.CancelAsync();
        Assert.Null(await waiting);
        Assert.Equal(9, await budget.TakeAsync(9, TimeSpan.Zero, Cancellation));
    }

    [Fact]
    public async Task What_a_body_takes_is_free_again_once_its_caller_was_sent_it()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.HugeBody(Length).For("GET", null));

        // Together they are longer than what bodies in flight may take at once.
        foreach (var number in Enumerable.Range(1, 16))
            Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync($"{CacheScene.List}?take={number}")).CacheStatus);
    }

    private static async Task<(HttpStatusCode Status, long Length)> LengthOfAsync(HttpClient caller, int number)
    {
        using var answer = await caller.GetAsync($"{CacheScene.List}?take={number}", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var length = 0L;
        for (var buffer = new byte[1 << 16]; await body.ReadAsync(buffer, Cancellation) is > 0 and var count;)
            length += count;
        return (answer.StatusCode, length);
    }

    /// <summary>As a list of many event types looks: words that differ, and are written again and again.</summary>
    private static ScriptedUpstream LargeLists(bool isLengthAnnounced)
    {
        var start = "{\"status\":\"success\",\"data\":[\""u8.ToArray();
        var end = "\"]}"u8.ToArray();
        var body = new byte[Length];
        new Random(20261128).GetItems("abcdefghijklmnopqrstuvwxyz      "u8, body);
        start.CopyTo(body, 0);
        end.CopyTo(body, Length - end.Length);
        return ScriptedUpstream.Start(async exchange =>
        {
            await exchange.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + (isLengthAnnounced ? $"Content-Length: {Length}\r\n\r\n" : $"Transfer-Encoding: chunked\r\n\r\n{Length:x}\r\n"));
            await exchange.SendAsync(body);
            if (!isLengthAnnounced)
                await exchange.SendAsync("\r\n0\r\n\r\n");
        });
    }
}
