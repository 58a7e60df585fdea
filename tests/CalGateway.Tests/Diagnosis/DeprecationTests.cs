using System.Diagnostics.Metrics;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Diagnosis;

public sealed class DeprecationTests
{
    [Fact]
    public async Task An_announced_end_is_logged_once_a_day_shown_as_a_status_line_and_passed_on()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":[]}""", contentType: "application/json", headers: new Dictionary<string, string>
        {
            ["Deprecation"] = "@1767225600",
            ["Sunset"] = "Wed, 31 Mar 2027 00:00:00 GMT",
        }));
        await using var gateway = await GatewayFixture.StartAsync(sandbox, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var caller = gateway.CreateClient();

        foreach (var pause in new[] { TimeSpan.Zero, TimeSpan.FromHours(1), new TimeSpan(22, 59, 59), TimeSpan.FromSeconds(1), TimeSpan.FromHours(23) })
        {
            clock.AdjustTime(clock.GetUtcNow() + pause); // unlike Advance, this does not run every timer that is due in between
            using var answer = await caller.GetAsync("/calcom/v2/webhooks", TestContext.Current.CancellationToken);
            Assert.Equal("@1767225600", Assert.Single(answer.Headers.GetValues("Deprecation")));
        }

        const string Sentence = "GET /v2/webhooks is deprecated since 2026-01-01 and will stop answering on 2027-03-31.";
        Assert.Equal(2, gateway.Logs.Lines.Count(line => line.Text.Contains(Sentence, StringComparison.Ordinal)));
        Assert.Equal($"Route \"rest\": {Sentence}", (string?)(await gateway.StatusAsync())["deprecations"]![0]);
    }

    [Fact]
    public async Task Each_operation_is_told_by_itself_and_names_nothing_of_the_accounts()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""", contentType: "application/json", headers: new Dictionary<string, string>
        {
            ["Sunset"] = "Wed, 31 Mar 2100 00:00:00 GMT",
        }));
        using var deprecated = new GaugeReader(pair.Gateway, "calgateway.upstream.deprecated");
        using var sunset = new GaugeReader(pair.Gateway, "calgateway.upstream.sunset");

        foreach (var path in new[] { "/calcom/v2/webhooks/secret-1", "/calcom/v2/webhooks/secret-2", "/calcom/v2/me", "/calcom/v2/not-known/secret-3" })
            (await pair.GetAsync(path)).Dispose();

        var lines = pair.Gateway.Logs.Lines.Where(line => line.Category.EndsWith("DeprecationWatch", StringComparison.Ordinal)).Select(line => line.Text).ToList();
        var told = (await pair.Gateway.StatusAsync())["deprecations"]!.AsArray().Select(line => (string?)line).ToList();
        Assert.Equal(3, lines.Count);
        Assert.Equal(3, told.Count);
        Assert.Contains("Route \"rest\": GET /v2/webhooks/{webhookId} is deprecated and will stop answering on 2100-03-31.", told);
        Assert.DoesNotContain(lines.Concat(told), line => line!.Contains("secret", StringComparison.Ordinal));
        Assert.Equal(3, Assert.Single(deprecated.Read()));
        Assert.InRange(Assert.Single(sunset.Read()), 60 * 60 * 24 * 365d, double.MaxValue);
    }

    [Fact]
    public async Task It_is_over_once_Cal_com_says_nothing_of_it_any_more_or_the_route_asks_at_another_version()
    {
        await using var pair = await Pair.StartAsync();
        using var deprecated = new GaugeReader(pair.Gateway, "calgateway.upstream.deprecated");
        pair.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""", contentType: "application/json", headers: new Dictionary<string, string> { ["Deprecation"] = "true" }));
        (await pair.GetAsync("/calcom/v2/me")).Dispose();
        (await pair.GetAsync("/calcom/v2/bookings")).Dispose();
        Assert.Equal(2, (await pair.Gateway.StatusAsync())["deprecations"]!.AsArray().Count);

        pair.Sandbox.Faults.Clear();
        (await pair.GetAsync("/calcom/v2/me")).Dispose();
        Assert.StartsWith("Route \"bookings\"", (string?)Assert.Single((await pair.Gateway.StatusAsync())["deprecations"]!.AsArray()), StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(deprecated.Read()));

        pair.Gateway.Edit(text => text.Replace("\"2024-08-13\"", "\"2024-06-14\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await pair.Gateway.StatusAsync())["deprecations"]!.AsArray().Count == 0, "nothing of it is left");
        Assert.Empty(deprecated.Read());
    }

    [Theory]
    [InlineData("@-9223372036854775808")]
    [InlineData("@-100000000000")]
    public async Task A_time_that_cannot_be_is_passed_on_and_announces_nothing(string deprecation)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""", contentType: "application/json", headers: new Dictionary<string, string> { ["Deprecation"] = deprecation }));

        using var answer = await pair.GetAsync("/calcom/v2/me");

        Assert.Equal((200, deprecation), ((int)answer.StatusCode, Assert.Single(answer.Headers.GetValues("Deprecation"))));
        Assert.False((await pair.Gateway.StatusAsync())["deprecations"] is System.Text.Json.Nodes.JsonArray { Count: > 0 });
    }

    [Fact]
    public async Task A_crowd_that_is_told_at_once_has_it_logged_once()
    {
        await using var pair = await Pair.StartAsync();
        var watch = pair.Gateway.Services.GetRequiredService<DeprecationWatch>();
        var plan = pair.Gateway.Services.GetRequiredService<Revisions>().Current.Plans["rest"];
        var notice = new DeprecationNotice("GET /v2/me", null, null);

        await Parallel.ForAsync(0, 1000, (_, _) =>
        {
            watch.Record(plan, "2024-08-13", notice);
            return ValueTask.CompletedTask;
        });

        Assert.Single(pair.Gateway.Logs.Lines, line => line.Category.EndsWith("DeprecationWatch", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("@1688169599", "", "is deprecated since 2023-06-30.")]
    [InlineData("true", "", "is deprecated.")]
    [InlineData("", "Sat, 31 Dec 2033 23:59:59 GMT", "is deprecated and will stop answering on 2033-12-31.")]
    [InlineData("Fri, 30 Jun 2023 23:59:59 GMT", "", "is deprecated since 2023-06-30.")]
    [InlineData("false", "", null)]
    [InlineData("@99999999999999999999", "soon", null)]
    [InlineData("@", "", null)]
    public void The_headers_are_read_as_the_RFCs_have_them_and_nonsense_is_none(string deprecation, string sunset, string? told) =>
        Assert.Equal(told is null ? null : $"GET /v2/me {told}", DeprecationNotice.Read("GET /v2/me", deprecation, sunset)?.ToString());

    /// <summary>What one of a gateway's gauges shows.</summary>
    private sealed class GaugeReader : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<double> _seen = [];

        public GaugeReader(GatewayFixture gateway, string instrument)
        {
            var scope = gateway.Services.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, scope))
                    listener.EnableMeasurementEvents(published);
            };
            _listener.SetMeasurementEventCallback<int>((_, value, _, _) => _seen.Add(value));
            _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _seen.Add(value));
            _listener.Start();
        }

        public IReadOnlyList<double> Read()
        {
            _seen.Clear();
            _listener.RecordObservableInstruments();
            return [.. _seen];
        }

        public void Dispose() => _listener.Dispose();
    }
}
