using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry;

public sealed class MetricsEndpointTests
{
    [Fact]
    public async Task Operators_scrape_it_on_their_own_listener_and_nobody_on_the_callers()
    {
        await using var pair = await Pair.StartAsync();
        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        using var scraper = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        var told = await scraper.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("# TYPE calgateway_cache_requests_total counter", told, StringComparison.Ordinal);
        Assert.Contains("calgateway_cache_result=\"miss\"", told, StringComparison.Ordinal);
        var problem = await pair.Caller.GetFromJsonProblemAsync("/metrics");
        Assert.Equal("no-route", (string?)problem["code"]);
    }

    [Fact]
    public async Task A_foreign_web_page_cannot_scrape_it()
    {
        await using var pair = await Pair.StartAsync();
        using var page = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(pair.Gateway.ManagementAddress, "/metrics"));
        request.Headers.TryAddWithoutValidation("Origin", "https://elsewhere.example");

        using var answer = await page.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
