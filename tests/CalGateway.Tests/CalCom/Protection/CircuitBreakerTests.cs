using System.Net;
using CalGateway.Configuration;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Protection;

/// <summary>A Cal.com that fails is left alone for a while, and what is stored is served.</summary>
public sealed class CircuitBreakerTests
{
    private const string Uncached = "/calcom/v2/me";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task After_ten_failures_nothing_is_sent_until_one_request_finds_Cal_com_well_again()
    {
        await using var scene = await CacheScene.OpenAsync();
        using var meters = new MeterRecorder(scene.Gateway);
        var stored = await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(12)); // beyond the time in which it is served while it is refreshed
        scene.Sandbox.Faults.Add(Fault.Status(500));
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.InternalServerError, (await scene.GetAsync(Uncached)).Status);
        var sent = scene.Sandbox.Requests.Count;

        var refused = await scene.GetAsync(Uncached);
        var write = await scene.WriteAsync(HttpMethod.Post, "/calcom/v2/bookings", "{}");
        var stale = await scene.GetAsync();
        var cold = await scene.GetAsync(CacheScene.List + "?take=1");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "circuit-open", "5"), (refused.Status, refused.Code, refused["Retry-After"]));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "circuit-open", "5"), (write.Status, write.Code, write["Retry-After"]));
        Assert.Equal((HttpStatusCode.OK, "CalGateway; fwd=stale; ttl=-660; detail=circuit-open", stored.Text), (stale.Status, stale.CacheStatus, stale.Text));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "CalGateway; detail=circuit-open"), (cold.Status, cold.CacheStatus));
        Assert.Equal(sent, scene.Sandbox.Requests.Count);
        Assert.Equal(1, StateIn(meters));
        var status = await scene.Gateway.StatusAsync();
        Assert.Equal("open", (string?)status["upstream"]!["protection"]!["circuit"]);
        Assert.Contains(status["concerns"]!.AsArray(), concern => (string?)concern!["code"] == "circuit-open");

        scene.Sandbox.Faults.Clear();
        scene.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, StateIn(meters));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(Uncached)).Status);
        Assert.Equal(0, StateIn(meters));
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(CacheScene.List + "?take=1")).CacheStatus);
        Assert.Equal("closed", (string?)(await scene.Gateway.StatusAsync())["upstream"]!["protection"]!["circuit"]);
    }

    [Fact]
    public async Task A_probe_that_fails_keeps_it_open()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Status(500));
        await AskAsync(scene, 10);
        var sent = scene.Sandbox.Requests.Count;
        scene.Clock.Advance(TimeSpan.FromSeconds(5));

        var replies = await AskAsync(scene, 5);

        Assert.Equal(["500", "circuit-open", "circuit-open", "circuit-open", "circuit-open"], replies);
        Assert.Equal(sent + 1, scene.Sandbox.Requests.Count);
    }

    [Theory]
    [InlineData("no connection")]
    [InlineData("reset")]
    [InlineData("no answer in time")]
    [InlineData("an edge's page")]
    public async Task Whatever_way_it_fails_counts(string way)
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true, environment: new Dictionary<string, string?>
        {
            ["ReverseProxy__Clusters__calcom__HttpRequest__ActivityTimeout"] = "00:00:00.300",
        });
        if (way == "no connection")
            await scene.StopUpstreamAsync();
        else
            scene.Sandbox.Faults.Add(way switch { "reset" => Fault.Reset(), "no answer in time" => Fault.Hang(), _ => Fault.Status(502, body: "<html></html>", contentType: "text/html") });

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scene.GetAsync(Uncached)));

        Assert.Equal("circuit-open", (await scene.GetAsync(Uncached)).Code);
    }

    [Fact]
    public async Task A_fill_that_is_given_up_without_an_answer_counts_too()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true, environment: new Dictionary<string, string?> { ["CalGateway__Cache__Deadline"] = "00:00:01" });
        scene.Sandbox.Faults.Add(Fault.Hang());

        await Task.WhenAll(Enumerable.Range(0, 10).Select(number => scene.GetAsync($"{CacheScene.List}?take={number}")));

        Assert.Equal("circuit-open", (await scene.GetAsync(Uncached)).Code);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(422)]
    public async Task The_callers_own_errors_count_neither_way(int status)
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Status(status));
        await AskAsync(scene, 30);
        scene.Sandbox.Faults.Clear();
        scene.Sandbox.Faults.Add(Fault.Status(500));
        Assert.DoesNotContain("circuit-open", await AskAsync(scene, 9));

        Assert.Equal(["500", "circuit-open"], await AskAsync(scene, 2));
    }

    [Fact]
    public async Task Callers_who_hang_up_and_requests_that_are_refused_do_not_count()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.Hang());
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var gone = Enumerable.Range(0, 20).Select(_ => scene.Caller.GetAsync(Uncached, hangUp.Token)).ToList();
        await Eventually.TrueAsync(() => scene.Sandbox.Requests.Count == 20, "all are at Cal.com");
        await hangUp.CancelAsync();
        foreach (var caller in gone)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller);

        scene.Sandbox.Faults.Clear();
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync(Uncached)).Status);
    }

    [Fact]
    public async Task It_can_be_switched_off_and_on_while_it_runs()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        scene.Sandbox.Faults.Add(Fault.Status(500));
        await AskAsync(scene, 10);
        Assert.Equal(["circuit-open"], await AskAsync(scene, 1));

        scene.Gateway.Edit(text => With(text, "\"Enabled\": false"));

        await Eventually.TrueAsync(async () => (await AskAsync(scene, 1))[0] == "500", "it lets everything through");
        Assert.DoesNotContain("circuit-open", await AskAsync(scene, 20));
    }

    [Theory]
    [InlineData("\"FailureRatio\": 0", "between 0.01 and 1.")]
    [InlineData("\"FailureRatio\": 1.5", "between 0.01 and 1.")]
    [InlineData("\"MinimumThroughput\": 1", "from 2 to 10000")]
    [InlineData("\"SamplingDuration\": \"00:02:00\"", "between 00:00:01 and 00:01:00.")]
    [InlineData("\"BreakDuration\": \"00:00:00.1\"", "between 00:00:00.5 and 00:05:00.")]
    [InlineData("\"Ratio\": 1", "\"Ratio\" is not a setting")]
    public async Task What_makes_no_sense_is_refused_with_what_would(string setting, string would)
    {
        var refused = await Assert.ThrowsAsync<StartupException>(async () => await CacheScene.OpenAsync(With(GatewayFixture.ShippedSettings, setting)));
        Assert.Contains(setting.Split('"')[1], refused.Message, StringComparison.Ordinal);
        Assert.Contains(would, refused.Message, StringComparison.Ordinal);
    }

    private static string With(string settings, string setting) =>
        settings.Replace("\"CalGateway\": {", $"\"CalGateway\": {{ \"Upstream\": {{ \"Circuit\": {{ {setting} }} }},", StringComparison.Ordinal);

    private static double StateIn(MeterRecorder meters) =>
        meters.Gauges().Single(gauge => gauge.Key.StartsWith("calgateway.upstream.circuit.state calgateway.credential=CALCOM_API_KEY,", StringComparison.Ordinal)).Value;

    /// <summary>The status of each answer, or the code of a 503 of the gateway's own.</summary>
    private static async Task<IReadOnlyList<string>> AskAsync(CacheScene scene, int times)
    {
        var outcomes = new List<string>();
        for (var time = 0; time < times; time++)
        {
            var reply = await scene.GetAsync(Uncached);
            outcomes.Add(reply.Status == HttpStatusCode.ServiceUnavailable ? reply.Code! : ((int)reply.Status).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return outcomes;
    }
}
