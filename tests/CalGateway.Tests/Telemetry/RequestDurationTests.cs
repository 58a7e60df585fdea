using System.Diagnostics;
using CalGateway.Sandbox;
using CalGateway.Telemetry.Durations;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry;

public sealed class RequestDurationTests
{
    [Fact]
    public async Task Every_request_is_told_once_by_what_it_was()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = GatewayProcess.StartBefore(sandbox); // meters of one name are one to OpenTelemetry, and other tests' gateways run here
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
        using var scraper = new HttpClient { BaseAddress = gateway.ManagementAddress };
        var begun = Stopwatch.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, 40).Select(async _ => (await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken)).Dispose()));
        (await caller.GetAsync("/calcom/v2/event-typos", TestContext.Current.CancellationToken)).Dispose();

        await Eventually.TrueAsync(async () => Count(await ScrapeAsync(scraper), "_count", "http_response_status_code=\"200\"") == 40, "forty lists were answered");
        var told = await ScrapeAsync(scraper);
        Assert.Equal(40, Count(told, "_bucket", "http_response_status_code=\"200\"", "le=\"+Inf\""));
        Assert.InRange(Count(told, "_sum", "http_response_status_code=\"200\""), double.Epsilon, 40 * Stopwatch.GetElapsedTime(begun).TotalSeconds);
        await Eventually.TrueAsync(
            async () => Count(await ScrapeAsync(scraper), "_count", "http_response_status_code=\"502\"", "error_type=\"502\"", "http_request_method=\"GET\"",
                "http_route=\"/calcom/{**rest}\"", "network_protocol_version=\"1.1\"", "url_scheme=\"http\"") == 1,
            "the failure is told by its error type");
    }

    [Fact]
    public void What_is_tallied_comes_out_with_the_count_sum_and_buckets_that_telling_each_alone_would_have()
    {
        var random = new Random(20261126);
        var tally = new DurationTally<string>("GET");
        var microseconds = Enumerable.Range(0, 5000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 7))
            .Concat(DurationScale.OfUpstream.Select(boundary => (long)(boundary * 1_000_000)))
            .Append(0)
            .ToList();

        Parallel.ForEach(microseconds, duration => Assert.True(tally.TryAdd(TimeSpan.FromMicroseconds(duration))));
        var told = TakenOut(tally);

        Assert.Equal(microseconds.Count, told.Count);
        Assert.Equal(microseconds.Sum() / 1e6, told.Sum(), tolerance: 1e-6);
        Assert.Equal(Buckets(microseconds.Select(duration => duration / 1e6)), Buckets(told));
        Assert.Empty(TakenOut(tally));
    }

    [Fact]
    public void Kinds_that_are_told_at_the_same_time_through_one_place_are_never_taken_for_each_other()
    {
        const int times = 300_000;
        var tallies = new DurationTallies<int>();
        DurationTally<int>? last = null;

        Parallel.ForEach(
            new[] { 200, 503 }, status =>
            {
                for (var time = 0; time < times; time++)
                    Assert.True(tallies.TryAdd(status, TimeSpan.FromMilliseconds(1), ref last));
            });

        Assert.Equal([(200, times), (503, times)], tallies.TakeOut().GroupBy(taken => taken.Kind).Select(kind => (kind.Key, kind.Sum(taken => taken.Times))).Order());
    }

    [Fact]
    public void What_is_longer_than_the_last_boundary_is_left_to_be_told_at_once()
    {
        var tally = new DurationTally<string>("GET");

        Assert.True(tally.TryAdd(TimeSpan.FromSeconds(30)));
        Assert.False(tally.TryAdd(TimeSpan.FromSeconds(30.001)));
        Assert.Single(TakenOut(tally));
    }

    private static List<double> TakenOut(DurationTally<string> tally) =>
        [.. tally.TakeOut().SelectMany(taken => Enumerable.Repeat(taken.Seconds, taken.Times))];

    private static List<(double Boundary, int Count)> Buckets(IEnumerable<double> seconds) =>
        [.. seconds.CountBy(value => DurationScale.OfUpstream.First(boundary => value <= boundary)).Select(bucket => (bucket.Key, bucket.Value)).Order()];

    private static Task<string> ScrapeAsync(HttpClient scraper) => scraper.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    private static double Count(string told, string part, params string[] labels) => Exposition.Sum(told, $"http_server_request_duration_seconds{part}", labels);
}
