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
    public void What_is_published_has_the_count_sum_and_buckets_that_recording_each_alone_would_have()
    {
        var random = new Random(20261126);
        var published = new List<(int Status, double Seconds)>();
        var tallies = new DurationTallies<int>((status, seconds, times) => published.AddRange(Enumerable.Repeat((status, seconds), times)));
        var microseconds = Enumerable.Range(0, 5000).Select(_ => (long)Math.Pow(10, random.NextDouble() * 8)) // up to 100 seconds
            .Concat(DurationBuckets.OfUpstream.Select(boundary => (long)(boundary * 1_000_000)))
            .Append(0)
            .ToList();

        Parallel.ForEach(microseconds, duration => tallies.Add(200, TimeSpan.FromMicroseconds(duration)));
        Parallel.ForEach(microseconds, _ => tallies.Add(503, TimeSpan.FromMilliseconds(1)));
        Assert.Empty(published);
        tallies.Publish();

        var answered = published.Where(request => request.Status == 200).Select(request => request.Seconds).ToList();
        Assert.Equal(microseconds.Count, answered.Count);
        Assert.Equal(microseconds.Count, published.Count(request => request.Status == 503));
        Assert.Equal(microseconds.Sum() / 1e6, answered.Sum(), tolerance: 1e-6);
        Assert.Equal(Buckets(microseconds.Select(duration => duration / 1e6)), Buckets(answered));
        published.Clear();
        tallies.Publish();
        Assert.Empty(published);
    }

    [Fact]
    public void A_request_of_a_recorded_trace_is_published_at_once_so_that_it_can_be_an_exemplar()
    {
        var published = 0;
        var tallies = new DurationTallies<int>((_, _, times) => published += times);
        using var trace = new Activity("request").SetIdFormat(ActivityIdFormat.W3C);
        trace.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        trace.Start();

        tallies.Add(200, TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, published);
    }

    private static List<(double Boundary, int Count)> Buckets(IEnumerable<double> seconds) =>
        [.. seconds.CountBy(value => DurationBuckets.OfUpstream.Append(double.PositiveInfinity).First(boundary => value <= boundary)).Select(bucket => (bucket.Key, bucket.Value)).Order()];

    private static Task<string> ScrapeAsync(HttpClient scraper) => scraper.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

    private static double Count(string told, string part, params string[] labels) => Exposition.Sum(told, $"http_server_request_duration_seconds{part}", labels);
}
