using System.Net;
using System.Net.Sockets;
using System.Text;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Retrying;

/// <summary>What is sent to Cal.com a second time, and what never is.</summary>
public sealed class RetryTests
{
    private const string Me = "/calcom/v2/me";
    private const string Booking = "/calcom/v2/bookings/abc/confirm";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> SafeAndFailing => new MatrixTheoryData<string, string>(["GET", "HEAD"], ["reset", "502", "503", "504", "html"]);

    [Theory, MemberData(nameof(SafeAndFailing))]
    public async Task A_read_that_got_no_answer_or_an_edges_is_sent_once_more(string method, string way)
    {
        await using var pair = await Pair.StartAsync();
        using var meters = new MeterRecorder(pair.Gateway);
        pair.Sandbox.Faults.Add(FaultOf(way) with { Times = 1 });

        using var answer = await pair.SendAsync(method, Me, null);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, pair.Sandbox.Requests.Count);
        Assert.False(answer.Headers.Contains("Retry-After"));
        await Eventually.TrueAsync(() => meters.Sum("calgateway.upstream.retries outcome=success") == 1, "it is counted");
        await Eventually.TrueAsync(() => pair.Gateway.Spans.All.Any(span => span.GetTagItem("http.request.resend_count") is 1), "the span tells of it");
    }

    [Theory]
    [InlineData("reset", 502)]
    [InlineData("503", 503)]
    public async Task It_is_sent_once_more_and_not_twice(string way, int status)
    {
        await using var pair = await Pair.StartAsync();
        using var meters = new MeterRecorder(pair.Gateway);
        pair.Sandbox.Faults.Add(FaultOf(way));

        using var answer = await pair.GetAsync(Me);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(2, pair.Sandbox.Requests.Count);
        await Eventually.TrueAsync(() => meters.Sum("calgateway.upstream.retries outcome=failure") == 1, "it is counted");
    }

    public static TheoryData<string, string> WritesAndFailing => new MatrixTheoryData<string, string>(["POST", "PATCH", "DELETE", "PUT"], ["reset", "502", "503"]);

    [Theory, MemberData(nameof(WritesAndFailing))]
    public async Task A_write_is_sent_once(string method, string way)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(FaultOf(way));

        using var answer = await pair.SendAsync(method, method == "POST" ? Booking : "/calcom/v2/schedules/7", method == "DELETE" ? null : "{}");

        Assert.True((int)answer.StatusCode >= 500);
        Assert.Single(pair.Sandbox.Requests.All);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("404")]
    [InlineData("429")]
    [InlineData("retry-after")]
    [InlineData("little quota")]
    [InlineData("Cal.com's own")]
    [InlineData("truncated")]
    public async Task Other_answers_are_not_asked_for_again(string way)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(FaultOf(way));

        try
        {
            using var answer = await pair.GetAsync(Me);
            await answer.Content.ReadAsByteArrayAsync(Cancellation);
        }
        catch (HttpRequestException)
        {
            Assert.Equal("truncated", way);
        }

        Assert.Single(pair.Sandbox.Requests.All);
    }

    /// <summary>Also a write whose upstream takes the connection and the request, and says nothing.</summary>
    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task An_upstream_that_accepts_and_never_answers_is_sent_a_write_once_and_its_caller_is_answered(string method)
    {
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.HangAsync());
        await using var gateway = await GatewayFixture.StartAsync(
            upstream.Address, environment: new Dictionary<string, string?> { ["ReverseProxy__Clusters__calcom__HttpRequest__ActivityTimeout"] = "00:00:00.300" });
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/calcom/v2/schedules/7") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };

        using var answer = await caller.SendAsync(request, Cancellation);

        Assert.Equal("upstream-timeout", (string?)(await answer.ReadProblemAsync())["code"]);
        Assert.Single(upstream.Heads);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_not_waited_for_a_second_time()
    {
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?> { ["ReverseProxy__Clusters__calcom__HttpRequest__ActivityTimeout"] = "00:00:00.300" });
        pair.Sandbox.Faults.Add(Fault.Hang());

        using var answer = await pair.GetAsync(Me);

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.StatusCode);
        Assert.Single(pair.Sandbox.Requests.All);
    }

    /// <summary>The port is closed, so that nothing of a write can have been sent.</summary>
    [Theory]
    [InlineData("GET", null)]
    [InlineData("POST", "{}")]
    [InlineData("DELETE", null)]
    public async Task What_found_no_connection_is_sent_once_more_whatever_it_is(string method, string? body)
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // it does not listen, and nobody else can
        await using var gateway = await GatewayFixture.StartAsync(new Uri($"http://127.0.0.1:{((IPEndPoint)closed.LocalEndPoint!).Port}"));
        using var meters = new MeterRecorder(gateway);
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), "/calcom/v2/schedules/7");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");

        using var answer = await caller.SendAsync(request, Cancellation);

        Assert.Equal("upstream-unreachable", (string?)(await answer.ReadProblemAsync())["code"]);
        await Eventually.TrueAsync(() => meters.Sum("calgateway.upstream.retries outcome=failure") == 1, "it is counted");
        await Eventually.TrueAsync(() => meters.Sum("calgateway.upstream.requests calgateway.route=schedules,error.type=connection_error") == 2, "two attempts are counted");
    }

    [Fact]
    public async Task A_write_that_found_no_connection_arrives_whole_the_second_time()
    {
        var port = FreePort.Next();
        await using var gateway = await GatewayFixture.StartAsync(new Uri($"http://127.0.0.1:{port}"));
        using var meters = new MeterRecorder(gateway);
        using var caller = gateway.CreateClient();

        // The pause before the second attempt is long enough for the upstream to come up in, in one of a few turns.
        for (var turn = 0; ; turn++)
        {
            var posted = caller.PostAsync(Booking, new StringContent("""{"whole":true}""", Encoding.UTF8, "application/json"), Cancellation);
            await Eventually.TrueAsync(() => meters.Names.Any(name => name.Contains("connection_error", StringComparison.Ordinal)), "the first attempt has failed");
            await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { Url = $"http://127.0.0.1:{port}", ApiKey = "cal_test_the_gateways_own" }, Cancellation);
            using var answer = await posted;
            if (sandbox.Requests.All is [var arrived])
            {
                Assert.Equal("""{"whole":true}""", arrived.BodyText);
                return;
            }

            Assert.True(turn < 5, $"It came up too late each time; the last answer was {answer.StatusCode}.");
        }
    }

    [Theory]
    [InlineData("GET", 2)]
    [InlineData("POST", 1)]
    public async Task An_upstream_that_hints_and_then_dies_is_asked_again_for_reads_alone(string method, int times)
    {
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), method == "GET" ? Me : Booking);

        using var answer = await caller.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal(times, upstream.Heads.Count);
    }

    [Theory]
    [InlineData("CalGateway__Upstream__Retry__Enabled", "false")]
    [InlineData("CalGateway__Upstream__Retry__Budget", "0")]
    public async Task It_can_be_switched_off(string setting, string value)
    {
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?> { [setting] = value });
        pair.Sandbox.Faults.Add(Fault.Status(503, times: 1));

        using var answer = await pair.GetAsync(Me);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Single(pair.Sandbox.Requests.All);
    }

    [Fact]
    public async Task An_outage_is_not_doubled_by_retries()
    {
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?> { ["CalGateway__Upstream__Circuit__Enabled"] = "false" });
        using var meters = new MeterRecorder(pair.Gateway);
        pair.Sandbox.Faults.Add(Fault.Status(503));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            using var answer = await pair.GetAsync(Me);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }));

        Assert.InRange(pair.Sandbox.Requests.Count, 103, 110);
        await Eventually.TrueAsync(() => meters.Sum("calgateway.upstream.retries outcome=failure") == pair.Sandbox.Requests.Count - 100, "they are counted");
        Assert.Equal(200 - pair.Sandbox.Requests.Count, meters.Sum("calgateway.upstream.retries outcome=refused"));
    }

    [Fact]
    public async Task A_caller_who_hangs_up_before_the_second_attempt_costs_Cal_com_none()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Reset());
        for (var turn = 0; turn < 3; turn++)
        {
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            var gone = pair.Caller.GetAsync(Me, hangUp.Token);
            await Eventually.TrueAsync(() => pair.Sandbox.Requests.Count == turn + 1, "the first attempt arrived");
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
            if (pair.Sandbox.Requests.Count == turn + 1)
                return;
        }

        Assert.Fail("Each time the second attempt was made before the caller had hung up.");
    }

    private static Fault FaultOf(string way) => way switch
    {
        "reset" => Fault.Reset(),
        "truncated" => Fault.TruncatedBody(),
        "429" => Fault.RateLimit(TimeSpan.Zero),
        "html" => Fault.Status(502, body: "<html><h1>502</h1></html>", contentType: "text/html"),
        "retry-after" => Fault.Status(503, headers: new Dictionary<string, string> { ["Retry-After"] = "7" }),
        "Cal.com's own" => Fault.Status(502, contentType: "application/json; charset=utf-8", body: """{"status":"error","error":{"code":"BadGatewayException","message":"Google Calendar failed"}}""", headers: new Dictionary<string, string>
        {
            ["X-RateLimit-Limit-Default"] = "120", ["X-RateLimit-Remaining-Default"] = "117", ["X-RateLimit-Reset-Default"] = "30",
        }),
        "little quota" => Fault.Status(503, headers: new Dictionary<string, string>
        {
            ["X-RateLimit-Limit-Default"] = "120", ["X-RateLimit-Remaining-Default"] = "3", ["X-RateLimit-Reset-Default"] = "30",
        }),
        _ => Fault.Status(int.Parse(way, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
