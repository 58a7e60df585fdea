using System.Globalization;
using System.Text.RegularExpressions;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry.Monitoring;

/// <summary>
/// A real Prometheus scrapes a gateway through a bad hour in small: what it counts, what the dashboard asks of it and what it alerts of.
/// For how long is the environment's to say (CALGATEWAY_SCRAPED_SECONDS).
/// </summary>
public sealed partial class PrometheusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-monitored-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TimeSpan Duration => TimeSpan.FromSeconds(
        double.Parse(Environment.GetEnvironmentVariable("CALGATEWAY_SCRAPED_SECONDS") ?? "4", CultureInfo.InvariantCulture));

    private string Settings => Path.Combine(_folder.FullName, "yarp.json");

    [Fact]
    public async Task It_counts_what_was_sent_fills_the_dashboard_and_alerts()
    {
        InstalledProgram.SkipWhenMissing("prometheus");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await File.WriteAllTextAsync(Settings, Doubtful(GatewayFixture.ShippedSettings), Cancellation);
        await using var gateway = GatewayProcess.StartBefore(
            sandbox, new Dictionary<string, string> { ["CalGateway__Cache__Policies__event-types__Fresh"] = "00:00:01" }, Settings);
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
        await using var prometheus = await PrometheusServer.StartAsync(gateway.ManagementAddress);

        await File.WriteAllTextAsync(Settings, "{", Cancellation);

        // What a rate is told of has to grow after it was first seen.
        var sent = await CallAsync(caller, sandbox, TimeSpan.Zero);
        await Eventually.TrueAsync(async () => (await prometheus.QueryAsync("calgateway_cache_requests_total")).Count > 0, "the first requests are seen");
        sent += await CallAsync(caller, sandbox, Duration);

        await Eventually.TrueAsync(
            async () => await prometheus.QueryAsync("sum(calgateway_cache_requests_total)") is [var counted] && counted == sent, $"{sent} requests are counted, and no more");
        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} requests sent and counted, scraped for {Duration.TotalSeconds} s and more");
        await AssertDashboardAsync(prometheus);
        await AssertAlertsAsync(prometheus);
        await AssertNamesAsync(gateway.ManagementAddress);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>One pin that Cal.com has no route at, and one that it does not know.</summary>
    private static string Doubtful(string settings)
    {
        var doubtful = settings.Replace("2024-06-11", "2024-08-13", StringComparison.Ordinal);
        var bookings = doubtful.IndexOf("\"bookings\"", StringComparison.Ordinal);
        return doubtful[..bookings] + FirstPin().Replace(doubtful[bookings..], "\"CalApiVersion\": \"2031-01-01\"", count: 1);
    }

    /// <summary>How many requests there were on the route with a cache; whatever else can go wrong does so besides, once.</summary>
    private static async Task<int> CallAsync(HttpClient caller, SandboxHost sandbox, TimeSpan duration)
    {
        var sent = 0;
        var started = TimeProvider.System.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            await AskAsync(caller, sent % 10 == 9 ? "/calcom/v2/event-types?unknown=1" : "/calcom/v2/event-types");
            if (sent++ % 25 == 0)
                await GoWrongAsync(caller, sandbox);
            await pace.WaitForNextTickAsync(Cancellation);
        }
        while (sent < 25 || TimeProvider.System.GetElapsedTime(started) < duration);

        return sent;
    }

    private static async Task GoWrongAsync(HttpClient caller, SandboxHost sandbox)
    {
        sandbox.Faults.Add(Fault.Reset(times: 1).For("GET", "/v2/teams"));
        foreach (var path in new[] { "/calcom/v2/schedules", "/calcom/v2/bookings", "/calcom/v2/teams", "/calcom/v2/me" })
            await AskAsync(caller, path);
    }

    private static async Task AskAsync(HttpClient caller, string path)
    {
        using var answer = await caller.GetAsync(path, Cancellation);
        await answer.Content.ReadAsByteArrayAsync(Cancellation);
    }

    private static async Task AssertDashboardAsync(PrometheusServer prometheus)
    {
        Assert.True(MonitoringFiles.Queries.Count > 15);
        foreach (var (panel, query) in MonitoringFiles.Queries)
        {
            await Eventually.TrueAsync(
                async () => await prometheus.QueryAsync(query) is { Count: > 0 } values && values.All(double.IsFinite), $"the panel \"{panel}\" shows something: {query}");
        }
    }

    private static async Task AssertAlertsAsync(PrometheusServer prometheus)
    {
        await Eventually.TrueAsync(async () => (await prometheus.RulesAsync()).Evaluated == 9, "all rules are evaluated");
        Assert.Empty((await prometheus.RulesAsync()).Faults);
        await Eventually.TrueAsync(
            async () => (await prometheus.AlertsAsync()).IsSupersetOf(["CalGatewayVersionMismatch", "CalGatewayShapeMismatch", "CalGatewayReloadRefused"]), "what went wrong alerts");
    }

    /// <summary>Counters that exist from the first event on, and nothing in this test makes one happen.</summary>
    private static readonly string[] FromTheFirstEventOn = ["calgateway_shape_changes_total", "calgateway_upstream_quota_refused_total", "calgateway_upstream_quota_waited_total"];

    /// <summary>Every name that dashboard and alerts speak of is one that the gateway exports.</summary>
    private static async Task AssertNamesAsync(Uri management)
    {
        using var scraper = new HttpClient { BaseAddress = management };
        var exported = Name().Matches(await scraper.GetStringAsync("/metrics", Cancellation)).Select(match => match.Value).ToHashSet();
        var used = Name().Matches(await File.ReadAllTextAsync(MonitoringFiles.Alerts, Cancellation) + string.Join(' ', MonitoringFiles.Queries)).Select(match => match.Value).ToHashSet();

        Assert.True(used.Count > 15);
        Assert.Empty(used.Except(exported).Except(FromTheFirstEventOn));
    }

    [GeneratedRegex(@"\b(calgateway|http|kestrel)_\w+|\berror_type\b|\boutcome\b")]
    private static partial Regex Name();

    [GeneratedRegex("\"CalApiVersion\": \"2024-08-13\"")]
    private static partial Regex FirstPin();
}
