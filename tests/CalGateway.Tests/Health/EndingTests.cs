using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CalGateway.Benchmarks.Ending;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.Telemetry.Otlp;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Health;

/// <summary>Between a signal and the end: who is served, who is told to leave, what is waited for.</summary>
public sealed class EndingTests : IAsyncLifetime
{
    private const string Upload = "POST /calcom/v2/bookings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";

    private SandboxHost _sandbox = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Readiness_turns_at_once_and_callers_are_served_and_asked_to_leave_until_the_delay_is_over(string signal)
    {
        await using var gateway = Start(delay: "00:00:03");
        using var caller = await CallerAsync(gateway);
        using (var before = await caller.GetAsync(CacheScene.List, Cancellation))
            Assert.Null(before.Headers.ConnectionClose);

        gateway.Signal(signal);
        await Eventually.TrueAsync(async () => await StatusAsync(gateway, "/healthz/ready") == 503, "it is not ready any more", TimeSpan.FromSeconds(2));

        Assert.Equal(200, await StatusAsync(gateway, "/healthz/live"));
        foreach (var path in new[] { CacheScene.List, "/calcom/v2/me", "/calcom/v2/event-types?take=7" })
        {
            using var answer = await caller.GetAsync(path, Cancellation);
            Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.ConnectionClose));
        }

        using var refused = await caller.GetAsync("/nowhere", Cancellation);
        Assert.Equal((HttpStatusCode.NotFound, true), (refused.StatusCode, refused.Headers.ConnectionClose));
        Assert.Equal(0, await gateway.ExitAsync());
        Assert.Empty(gateway.Errors);
    }

    [Fact]
    public async Task Over_HTTP2_a_GOAWAY_goes_ahead_of_the_next_answer()
    {
        await using var gateway = Start(delay: "00:00:03", more: new() { ["Kestrel__EndpointDefaults__Protocols"] = "Http2" });
        using var connection = await Http2Connection.OpenAsync(await gateway.ServedAsync());
        Assert.DoesNotContain(Http2Connection.GoAway, await connection.AskAsync("/calcom/v2/me"));

        gateway.Terminate();
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync(), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        await Eventually.TrueAsync(
            async () =>
            {
                using var ready = await caller.GetAsync("/healthz/ready", Cancellation);
                return ready.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            "it is not ready any more");

        Assert.Contains(Http2Connection.GoAway, await connection.AskAsync("/calcom/v2/me"));
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Fact]
    public async Task No_request_fails_over_an_end_under_load_on_kept_connections()
    {
        var (http1, http2) = (FreePort.Next(), FreePort.Next());
        await using var gateway = Start(delay: "00:00:01", more: new()
        {
            ["Kestrel__Endpoints__One__Url"] = $"http://127.0.0.1:{http1}",
            ["Kestrel__Endpoints__Two__Url"] = $"http://127.0.0.1:{http2}",
            ["Kestrel__Endpoints__Two__Protocols"] = "Http2",
        });
        await gateway.ServedAsync();
        var load = new DrainLoad(new Uri($"http://127.0.0.1:{http1}"), new Uri($"http://127.0.0.1:{http2}"), goOn: TimeSpan.FromMilliseconds(400));

        var running = load.RunAsync();
        await Eventually.TrueAsync(() => load.Answered > 100, "the load is on");
        gateway.Terminate();
        await running;

        Assert.Empty(load.Failures);
        Assert.True(load.AnsweredAfterTurn > 0);
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Fact]
    public async Task What_outlasts_the_timeout_is_cut_off_and_the_end_is_a_clean_one()
    {
        _sandbox.Faults.Add(Fault.Delay(TimeSpan.FromMinutes(5)));
        await using var gateway = Start(timeout: "00:00:01");
        using var caller = await CallerAsync(gateway);
        using var upload = await RawConnection.OpenAsync(await gateway.ServedAsync());
        await upload.SendAsync(Upload);
        using var events = await RawConnection.OpenAsync(gateway.ManagementAddress); // never read
        await events.SendAsync("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
        var hanging = caller.GetAsync("/calcom/v2/me", Cancellation);
        await Eventually.TrueAsync(() => _sandbox.Requests.Count > 0, "a request is under way");

        gateway.Terminate();

        Assert.Equal(0, await gateway.ExitAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => hanging);
        Assert.Empty(gateway.Errors);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once()
    {
        await using var gateway = Start(delay: "00:01:00");
        await gateway.ServedAsync();

        gateway.Terminate();
        await Eventually.TrueAsync(async () => await StatusAsync(gateway, "/healthz/ready") == 503, "it is not ready any more");
        gateway.Terminate();

        Assert.Equal(128 + 15, await gateway.ExitAsync().WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
    }

    [Fact]
    public async Task An_edit_of_the_delay_counts_for_the_next_signal()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-end-");
        var settings = Path.Combine(folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(settings, With("00:05:00"), Cancellation);
        await using var gateway = GatewayProcess.StartBefore(_sandbox, settings: settings);
        using var caller = await CallerAsync(gateway);
        var before = await RevisionAsync(caller);

        await File.WriteAllTextAsync(settings, With("00:00:00"), Cancellation);
        await Eventually.TrueAsync(async () => await RevisionAsync(caller) != before, "the edit is in force");
        gateway.Terminate();

        Assert.Equal(0, await gateway.ExitAsync());
        folder.Delete(recursive: true);

        static string With(string delay) => GatewayFixture.ShippedSettings.Replace(
            "\"CalGateway\": {", $$"""
            "CalGateway": { "Shutdown": { "Delay": "{{delay}}" },
            """, StringComparison.Ordinal);
    }

    /// <summary>The caller of a cold list hangs up, and the fill goes on without it: what it brings is for the other gateways.</summary>
    [Fact]
    public async Task A_fill_that_nobody_waits_for_any_more_is_waited_for()
    {
        var answer = new TaskCompletionSource();
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            await answer.Task.WaitAsync(exchange.Stopping);
            await exchange.SendAsync(RouteScene.Answer("", "200 OK"));
        });
        await using var gateway = Start(more: new() { ["CALCOM_BASE_URL"] = upstream.Address.AbsoluteUri });
        using var caller = await CallerAsync(gateway);
        using (var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var gone = caller.GetAsync(CacheScene.List, hangUp.Token);
            await Eventually.TrueAsync(() => upstream.Heads.Count == 1, "the fill is under way");
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        }

        gateway.Terminate();
        await Eventually.TrueAsync(() => IsRefusedAsync(gateway.ManagementAddress), "both listeners are closed");
        var exit = gateway.ExitAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => exit.WaitAsync(TimeSpan.FromSeconds(1), Cancellation));

        answer.SetResult();
        Assert.Equal(0, await exit);
    }

    [Fact]
    public async Task The_last_spans_and_metrics_are_exported_before_the_end()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.Http);
        await using var gateway = Start(more: new(receiver.Variables) { ["OTEL_BSP_SCHEDULE_DELAY"] = "600000", ["OTEL_METRIC_EXPORT_INTERVAL"] = "600000" });
        using var caller = await CallerAsync(gateway);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/calcom/v2/me") { Headers = { { "traceparent", $"00-{trace}-b7ad6b7169203331-01" } } };
        using var answer = await caller.SendAsync(request, Cancellation);
        Assert.Empty(receiver.Spans);

        gateway.Terminate();

        Assert.Equal(0, await gateway.ExitAsync());
        Assert.Contains(receiver.Spans, span => span.TraceId == trace);
        Assert.Contains(receiver.Points, point => point.Name == "http.server.request.duration");
    }

    [Theory]
    [InlineData("Delay", "00:05:01")]
    [InlineData("Delay", "5")]
    [InlineData("Timeout", "00:00:00")]
    [InlineData("Timeout", "01:00:01")]
    public async Task What_cannot_be_waited_for_is_refused(string setting, string value)
    {
        await using var check = GatewayProcess.Start(["check"], new Dictionary<string, string> { [$"CalGateway__Shutdown__{setting}"] = value });

        Assert.Equal(1, await check.ExitAsync());
        Assert.Contains(setting, check.Output, StringComparison.Ordinal);
    }

    private GatewayProcess Start(string delay = "00:00:00", string timeout = "00:00:20", Dictionary<string, string>? more = null)
    {
        var environment = new Dictionary<string, string>
        {
            ["CALCOM_API_KEY"] = _sandbox.ApiKey,
            ["CALCOM_BASE_URL"] = _sandbox.BaseAddress.AbsoluteUri,
            ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
            ["CalGateway__Shutdown__Delay"] = delay,
            ["CalGateway__Shutdown__Timeout"] = timeout,
        };
        foreach (var (name, value) in more ?? [])
            environment[name] = value;
        return GatewayProcess.Start(["--urls", "http://127.0.0.1:0"], environment);
    }

    private static async Task<HttpClient> CallerAsync(GatewayProcess gateway) => new() { BaseAddress = await gateway.ServedAsync() };

    private static async Task<string> RevisionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync(CacheScene.List, Cancellation);
        return answer.Headers.GetValues("CalGateway-Revision").Single();
    }

    /// <summary>On a connection of its own, as a probe asks.</summary>
    private static async Task<int> StatusAsync(GatewayProcess gateway, string path)
    {
        var answer = await RawConnection.AskAsync(await gateway.ServedAsync(), $"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
    }

    private static async Task<bool> IsRefusedAsync(Uri address)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(address.Host, address.Port, Cancellation);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
