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

        var told = "";
        await Eventually.TrueAsync(
            async () => (told = await scraper.GetStringAsync("/metrics", TestContext.Current.CancellationToken))
                .Contains("calgateway_cache_result=\"miss\"", StringComparison.Ordinal),
            "the request is told of once it is over");

        Assert.Contains("# TYPE calgateway_cache_requests_total counter", told, StringComparison.Ordinal);
        var problem = await pair.Caller.GetFromJsonProblemAsync("/metrics");
        Assert.Equal("no-route", (string?)problem["code"]);
    }

    [Fact]
    public async Task HTTP_is_measured_as_the_conventions_require_and_not_by_what_they_leave_to_choice_and_every_request_would_pay_for()
    {
        await using var pair = await Pair.StartAsync();
        (await pair.GetAsync("/calcom/v2/me")).Dispose();
        using var scraper = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        var told = "";
        await Eventually.TrueAsync(
            async () => (told = await scraper.GetStringAsync("/metrics", TestContext.Current.CancellationToken))
                .Contains("http_server_request_duration_seconds_count", StringComparison.Ordinal)
                && told.Contains("http_client_request_duration_seconds_count", StringComparison.Ordinal),
            "the request is told of once it is over");

        Assert.DoesNotContain("active_requests", told, StringComparison.Ordinal);
        Assert.DoesNotContain("open_connections", told, StringComparison.Ordinal);
        Assert.DoesNotContain("time_in_queue", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_is_told_by_its_error_type_as_the_conventions_have_it()
    {
        await using var pair = await Pair.StartAsync();
        using var meters = new MeterRecorder(pair.Gateway);

        (await pair.GetAsync("/calcom/v2/event-typos")).Dispose();

        await Eventually.TrueAsync(
            () => meters.Names.Any(name => name.StartsWith("http.server.request.duration ", StringComparison.Ordinal)
                && name.Contains("http.response.status_code=502", StringComparison.Ordinal) && name.Contains("error.type=502", StringComparison.Ordinal)),
            "the duration is told with why it failed");
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
