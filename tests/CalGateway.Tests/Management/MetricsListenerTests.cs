using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

/// <summary>A Prometheus on another machine reaches the metrics, and nothing else with them.</summary>
public sealed class MetricsListenerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_the_metrics_to_whoever_can_reach_it_and_nothing_else()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, environment: new Dictionary<string, string?> { ["CalGateway__Metrics__Url"] = "http://*:0" });
        using var caller = gateway.CreateClient();
        await caller.GetAsync("/calcom/v2/event-types", Cancellation);
        using var prometheus = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{gateway.MetricsAddress!.Port}") };
        prometheus.DefaultRequestHeaders.Host = "10.1.2.3:9464";

        await Eventually.TrueAsync(
            async () => (await prometheus.GetStringAsync("/metrics", Cancellation)).Contains("calgateway_cache_requests_total", StringComparison.Ordinal), "the metrics are served");
        foreach (var path in new[] { "/", "/status", "/config", "/explain?path=/calcom/v2/me", "/events", "/page/page.js", "/calcom/v2/me", "/metrics/x", "/healthz/live" })
        {
            using var answer = await prometheus.GetAsync(path, Cancellation);
            Assert.Equal((path, HttpStatusCode.NotFound), (path, answer.StatusCode));
        }

        using var eviction = await prometheus.PostAsync("/cache/evict?tag=event-types", null, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, eviction.StatusCode);
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("other machines can reach", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_loopback_no_foreign_web_page_reads_it()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, environment: new Dictionary<string, string?> { ["CalGateway__Metrics__Url"] = "http://127.0.0.1:0" });
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.MetricsAddress!, "/metrics")) { Headers = { Host = "rebound.example" } };

        using var answer = await client.SendAsync(request, Cancellation);
        using var local = await client.GetAsync(new Uri(gateway.MetricsAddress!, "/metrics"), Cancellation);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.OK), (answer.StatusCode, local.StatusCode));
    }

    [Fact]
    public async Task By_default_there_is_none()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        Assert.Null(gateway.MetricsAddress);
    }
}
