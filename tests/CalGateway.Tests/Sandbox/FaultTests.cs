using System.Diagnostics;
using System.Net;
using System.Text.Json;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Sandbox;

public sealed class FaultTests
{
    [Fact]
    public async Task A_status_fault_strikes_as_often_as_told_and_only_where_told()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        sandbox.Faults.Add(Fault.Status(503, times: 2).For("GET", "/v2/bookings/{uid}"));

        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/v2/me")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await caller.GetAsync("/v2/bookings/a")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await caller.GetAsync("/v2/bookings/b")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync("/v2/bookings/c")).StatusCode);
        Assert.Empty(sandbox.Faults.All);
    }

    [Fact]
    public async Task Broken_connections_reach_the_caller_as_such()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        foreach (var fault in new[] { Fault.Reset(1), Fault.ResetMidBody(false, 1), Fault.ResetMidBody(true, 1), Fault.TruncatedBody(1) })
        {
            sandbox.Faults.Add(fault);
            await Assert.ThrowsAsync<HttpRequestException>(() => caller.GetAsync("/v2/me"));
        }

        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/v2/me")).StatusCode);
    }

    [Fact]
    public async Task Odd_answers_come_as_told()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        sandbox.Faults.Add(Fault.Html404(times: 1));
        var notFound = await caller.GetAsync("/v2/me");
        sandbox.Faults.Add(Fault.NonJson(times: 1));
        var html = await caller.GetAsync("/v2/me");
        sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(7), times: 1));
        var limited = await caller.GetAsync("/v2/me");
        sandbox.Faults.Add(Fault.HugeBody(100_000, times: 1));
        var huge = await caller.GetAsync("/v2/me");
        sandbox.Faults.Add(Fault.SlowBody(TimeSpan.FromMilliseconds(1), 64, times: 1));
        var slow = await caller.GetAsync("/v2/me");
        sandbox.Faults.Add(Fault.MalformedJson(times: 1));
        var malformed = await caller.GetAsync("/v2/me");

        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (notFound.StatusCode, notFound.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.OK, "text/html"), (html.StatusCode, html.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)), (limited.StatusCode, limited.Headers.RetryAfter!.Delta));
        Assert.Equal(100_000, (await huge.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
        Assert.Equal("success", (await SandboxClient.ReadAsync(slow))["status"]!.ToString());
        await Assert.ThrowsAnyAsync<JsonException>(() => SandboxClient.ReadAsync(malformed));
    }

    [Fact]
    public async Task What_hangs_is_answered_once_the_faults_are_cleared()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        sandbox.Faults.Add(Fault.Hang());

        var hanging = caller.GetAsync("/v2/me");
        while (sandbox.Requests.Count == 0)
            await Task.Yield();
        Assert.False(hanging.IsCompleted);
        sandbox.Faults.Clear();

        Assert.Equal(HttpStatusCode.OK, (await hanging).StatusCode);
    }

    [Fact]
    public async Task A_sandbox_stops_at_once_although_a_request_hangs_and_starts_again_at_the_same_address()
    {
        var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        sandbox.Faults.Add(Fault.Hang());
        var hanging = caller.GetAsync("/v2/me");
        while (sandbox.Requests.Count == 0)
            await Task.Yield();

        await sandbox.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => hanging);
        await using var next = await SandboxHost.StartAsync(new SandboxOptions { Url = sandbox.BaseAddress.ToString() }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/v2/me")).StatusCode);
        await sandbox.DisposeAsync();
    }

    [Fact]
    public async Task Faults_and_requests_are_reached_over_HTTP_by_who_asks_directly()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var added = await caller.SendAsync("POST", "/_sandbox/faults", key: null, body: """{"kind":"status","status":502,"times":1,"match":{"path":"/v2/me"}}""");
        var bad = await caller.SendAsync("POST", "/_sandbox/faults", key: null, body: """{"kind":"nonsense"}""");
        var struck = await caller.GetAsync("/v2/me");
        var log = (await caller.GetJsonAsync("/_sandbox/requests", key: null)).AsArray();

        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("'kind' is one of status, delay", (await SandboxClient.ReadAsync(bad))["error"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadGateway, struck.StatusCode);
        Assert.Equal("/v2/me", Assert.Single(log)!["target"]!.ToString());
    }

    [Theory]
    [InlineData("/_sandbox/faults", null, "")]
    [InlineData("/_sandbox/faults", "2024-06-14", null)]
    [InlineData("/_SANDBOX/faults", null, null)]
    [InlineData("/_sandbox/faults/", null, null)]
    [InlineData("/%5Fsandbox/faults", null, null)]
    public async Task What_comes_signed_or_by_another_path_meets_Cal_com_instead(string path, string? version, string? key)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.SendAsync("POST", path, version, key, """{"kind":"reset"}""");

        Assert.Equal($"Cannot POST {path}", (await SandboxClient.ReadAsync(answer))["error"]!["message"]!.ToString());
        Assert.Empty(sandbox.Faults.All);
    }

    [Fact]
    public async Task A_request_is_recorded_as_it_arrived()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { BasePath = "/api" }, TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.SendAsync("POST", "/api/v2/Event-types?a=%20b", "2024-06-14", body: "{}", headers: ("X-Twice", "1"));

        var seen = Assert.Single(sandbox.Requests.For("POST", "/api/v2/event-types"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("/api", sandbox.BaseAddress.AbsolutePath);
        Assert.Equal(("/api/v2/Event-types?a=%20b", "?a=%20b", "{}"), (seen.Target, seen.Query, seen.BodyText));
        Assert.Equal(["1"], seen.Header("x-twice"));
        Assert.Equal(["2024-06-14"], seen.Header("cal-api-version"));
    }

    [Fact]
    public async Task The_sandbox_adds_nothing_to_the_traces_of_the_program_around_it()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var started = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = activity => started += activity.TraceId.ToHexString() == Trace ? 1 : 0,
        };
        ActivitySource.AddActivityListener(listener);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        await caller.GetAsync("/v2/me", headers: ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"));

        Assert.Equal(0, started);
    }
}
