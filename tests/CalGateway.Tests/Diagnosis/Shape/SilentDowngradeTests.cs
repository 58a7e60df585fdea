using System.Diagnostics.Metrics;
using System.Net;
using CalGateway.Sandbox;
using CalGateway.Telemetry;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Diagnosis.Shape;

public sealed class SilentDowngradeTests
{
    private const string RightPin = "\"CalApiVersion\": \"2024-06-14\"";
    private const string UnknownPin = "\"CalApiVersion\": \"2031-01-01\"";

    private static string WithUnknownPin => GatewayFixture.ShippedSettings.Replace(RightPin, UnknownPin, StringComparison.Ordinal);

    [Fact]
    public async Task An_answer_in_the_old_shape_is_marked_counted_traced_logged_once_and_never_stored()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WithUnknownPin);
        using var mismatches = new Counted(gateway, "calgateway.shape.mismatches");
        using var caller = gateway.CreateClient();

        for (var turn = 1; turn <= 2; turn++)
        {
            using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal("legacy", Assert.Single(answer.Headers.GetValues("CalGateway-Shape")));
            Assert.DoesNotContain("stored", string.Join(",", answer.Headers.GetValues("Cache-Status")), StringComparison.Ordinal);
            Assert.Contains("eventTypeGroups", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            Assert.Equal(turn, mismatches.Total);
            var trace = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
            await Eventually.TrueAsync(
                () => gateway.Spans.Of(trace).Any(span => Equals(span.GetTagItem("calgateway.shape"), "legacy")), "the server span tells the shape");
        }

        Assert.Equal(2, sandbox.Requests.Count);
        var line = Assert.Single(gateway.Logs.Lines, line => line.Category.EndsWith("ShapeTransform", StringComparison.Ordinal));
        Assert.Contains("set ReverseProxy:Routes:event-types:Transforms CalApiVersion to \"2024-06-14\"", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_shape_is_enforced_a_read_becomes_a_problem_that_names_the_line_to_change()
    {
        var settings = WithUnknownPin.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Diagnosis\": { \"Shape\": \"Enforce\" },", StringComparison.Ordinal);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("CalGateway; received-status=200; details=\"shape-mismatch\"", Assert.Single(answer.Headers.GetValues("Proxy-Status")));
        Assert.Equal("shape-mismatch", (string?)problem["code"]);
        Assert.Equal("2031-01-01", (string?)problem["sentVersion"]);
        Assert.Equal("2024-06-14", (string?)problem["suggestedVersion"]);
        Assert.Equal("/v2/event-types", (string?)problem["upstream"]!["path"]);
    }

    [Theory]
    [InlineData("/calcom/v2/event-types")]
    [InlineData("/calcom/v2/event-types/3928133")]
    [InlineData("/calcom/v2/bookings?take=1")]
    [InlineData("/calcom/v2/schedules")]
    [InlineData("/calcom/v2/me")]
    public async Task A_right_answer_passes_byte_for_byte_and_unmarked(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        using var direct = new HttpClient { BaseAddress = sandbox.BaseAddress };
        direct.DefaultRequestHeaders.Add("Authorization", $"Bearer {sandbox.ApiKey}");

        using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);
        direct.DefaultRequestHeaders.Add("cal-api-version", answer.Headers.GetValues("CalGateway-Api-Version"));

        Assert.False(answer.Headers.Contains("CalGateway-Shape"));
        Assert.Equal(
            await direct.GetStringAsync(path["/calcom".Length..], TestContext.Current.CancellationToken),
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"\ud800":1,"data":[{"id":1}]}""")]
    [InlineData("""{"data":{"id":1,"\ud800":2,"start":"2026-01-01"}}""")]
    public async Task An_answer_with_a_name_that_is_no_text_passes(string body)
    {
        await using var upstream = ScriptedUpstream.Saying($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();

        Assert.Equal(body, await caller.GetStringAsync("/calcom/v2/bookings", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("event-types", "2024-06-14", "2024-04-15", "/calcom/v2/event-types")]
    [InlineData("schedules", "2024-06-11", "2024-04-15", "/calcom/v2/schedules")]
    public async Task The_old_shape_is_what_a_pin_at_an_old_version_asks_for(string route, string from, string to, string path)
    {
        var settings = GatewayFixture.ShippedSettings.Replace(from, to, StringComparison.Ordinal);
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: settings);
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("CalGateway-Shape"), route);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(41)]
    [InlineData(200)]
    public async Task An_answer_that_drips_is_told_and_passed_on_as_well(int bytesAtATime)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: WithUnknownPin);
        sandbox.Faults.Add(Fault.SlowBody(TimeSpan.FromMilliseconds(1), bytesAtATime));
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal("legacy", Assert.Single(answer.Headers.GetValues("CalGateway-Shape")));
        Assert.StartsWith("""{"status":"success","data":{"eventTypeGroups":""", body, StringComparison.Ordinal);
        Assert.EndsWith("}", body, StringComparison.Ordinal);
    }

    /// <summary>What one of a gateway's counters has counted since.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _total;

        public Counted(GatewayFixture gateway, string instrument)
        {
            var scope = gateway.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument && published.Meter.Name == GatewayMetrics.MeterName && ReferenceEquals(published.Meter.Scope, scope))
                    listener.EnableMeasurementEvents(published);
            };
            _listener.SetMeasurementEventCallback<long>((_, measured, _, _) => Interlocked.Add(ref _total, measured));
            _listener.Start();
        }

        public long Total => Interlocked.Read(ref _total);

        public void Dispose() => _listener.Dispose();
    }
}
