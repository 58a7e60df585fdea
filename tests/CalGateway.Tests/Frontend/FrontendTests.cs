using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Frontend;

/// <summary>Where the page is served, and what it may do.</summary>
public sealed class FrontendTests
{
    private static readonly string[] Paths = ["/", "/app.js", "/gateway.js", "/style.css", "/icon.svg"];

    [Fact]
    public async Task With_the_sandbox_the_executable_serves_it_and_says_so()
    {
        await using var gateway = Start();
        using var browser = new HttpClient { BaseAddress = await gateway.ServedAsync() };

        using var page = await browser.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.Contains($"page       {browser.BaseAddress}", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_open_page_asks_every_other_second_does_not_drown_the_traces()
    {
        await using var gateway = Start();
        using var browser = new HttpClient { BaseAddress = await gateway.ServedAsync() };

        (await browser.GetAsync("/healthz/ready", TestContext.Current.CancellationToken)).Dispose();
        (await browser.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken)).Dispose();

        await Eventually.TrueAsync(() => gateway.Output.Contains("server: GET /calcom/v2/event-types", StringComparison.Ordinal), "the trace is shown");
        Assert.DoesNotContain("/healthz", gateway.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_production_it_is_not_there()
    {
        await using var pair = await Pair.StartAsync();

        foreach (var path in Paths)
        {
            using var answer = await pair.GetAsync(path);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task Its_files_allow_nothing_but_themselves_and_are_asked_for_once()
    {
        await using var pair = await OwnersJourneyTests.StartAsync();

        foreach (var path in Paths)
        {
            using var answer = await pair.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
            Assert.StartsWith("default-src 'none'; ", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));

            using var again = await pair.GetAsync(path, ("If-None-Match", answer.Headers.ETag!.Tag));
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }
    }

    [Fact]
    public async Task A_link_on_another_site_opens_the_page_and_that_is_all_it_opens()
    {
        await using var pair = await OwnersJourneyTests.StartAsync();

        using var page = await pair.GetAsync("/", ("Sec-Fetch-Site", "cross-site"));
        using var list = await pair.GetAsync("/calcom/v2/event-types", ("Sec-Fetch-Site", "cross-site"));
        using var post = await pair.SendAsync("POST", "/", "{}");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, list.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, post.StatusCode);
    }

    [Fact]
    public async Task It_is_short_enough_to_read_whole_and_names_no_other_site()
    {
        await using var pair = await OwnersJourneyTests.StartAsync();
        var lines = 0;
        foreach (var path in Paths)
        {
            var text = await pair.Caller.GetStringAsync(path, TestContext.Current.CancellationToken);
            lines += text.TrimEnd().Split('\n').Length;
            Assert.DoesNotContain("//", text.Replace("xmlns=\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal).Replace("// ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain("innerHTML", text, StringComparison.Ordinal);
        }

        Assert.InRange(lines, 200, 399);
    }

    private static GatewayProcess Start() => GatewayProcess.Start(
        ["--sandbox", "--config", Path.Combine(AppContext.BaseDirectory, "yarp.json"), "--urls", "http://127.0.0.1:0"],
        new Dictionary<string, string> { ["CalGateway__Management__Url"] = "http://127.0.0.1:0" });
}
