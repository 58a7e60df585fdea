using System.Text.Json;
using CalGateway.Problems;
using CalGateway.Tests.Frontend;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalGateway.Tests.EndToEnd;

/// <summary>
/// Every page that the gateway serves, at every width from a phone's to a desk's, in either light: nobody is kept out, nothing runs off its side,
/// no word is broken, and a route takes one line where there is room for it.
/// </summary>
[Collection(Browsing.Name)]
public sealed class PagesTests(Chromium chromium)
{
    private const string Hostile = "an-integration-of-somebody-who-likes-to-say-all-of-it-in-the-name-of-the-route-and-then-a-little-more_And_Some_Of_It_In_Another_Fashion";

    private static readonly int[] Judged = [360, 1280];
    private static readonly int[] Between = [414, 600, 768, 820, 900, 901, 1024, 1180, 1366, 1440, 1600, 1700, 1701, 1920];

    /// <summary>The dark scheme changes colours alone.</summary>
    private static readonly int[] InTheDark = [1280];

    private static readonly LocatorAssertionsToHaveTextOptions InTime = new() { Timeout = 15_000 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_status_page_with_everything_on_it(ColorScheme scheme)
    {
        await using var pair = await Pair.StartAsync(settings: With(GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal), Hostile, "/calcom/v2/" + Hostile + "/{a}/" + Hostile));
        await using var browser = await chromium.OpenAsync(1280, 900, scheme);
        await VisitAsync(pair, "/calcom/v2/event-types", "/calcom/v2/event-types", "/calcom/v2/bookings/no-such-one", "/calcom/v2/" + Hostile + "/1/" + Hostile);
        pair.Gateway.Edit(text => text.Replace("OutputCachePolicy", "OutputCachePolcy", StringComparison.Ordinal));
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await Expect(browser.Page.Locator("#edits .badge").First).ToHaveTextAsync("Refused", InTime);
        await Expect(browser.Page.Locator("#routes tbody tr").Filter(new() { HasText = Hostile })).ToHaveCountAsync(1);
        await browser.Page.Locator("#routes-fold").ClickAsync();
        await browser.Page.Locator("#others summary").First.ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Explain", Exact = true }).ClickAsync();
        await Expect(browser.Page.Locator("#explained [data-name=Expected] dd")).ToHaveCountAsync(1);

        await LookAsync(browser, "status", scheme);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_problem_pages_and_the_documentation(ColorScheme scheme)
    {
        await using var pair = await Pair.StartAsync();
        foreach (var path in new[] { "/_gateway/problems", "/_gateway/problems/api-version-mismatch", "/_gateway/docs/troubleshooting" })
        {
            await using var browser = await chromium.OpenAsync(1280, 900, scheme);
            await browser.GoToAsync(new Uri(pair.Gateway.Address, path));
            await LookAsync(browser, path.Split('/')[^1], scheme);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task The_first_frontend(ColorScheme scheme)
    {
        await using var pair = await OwnersJourneyTests.StartAsync();
        await using var browser = await chromium.OpenAsync(1280, 900, scheme);
        await browser.GoToAsync(pair.Gateway.Address);
        await LookAsync(browser, "frontend", scheme);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Load Event Types" }).ClickAsync();
        await Expect(browser.Page.GetByRole(AriaRole.Group, new() { Name = "Time" }).GetByRole(AriaRole.Radio).First).ToBeVisibleAsync();
        await LookAsync(browser, "frontend-loaded", scheme);
    }

    [Fact]
    public async Task Each_of_the_shipped_routes_stands_on_one_line_with_its_whole_path()
    {
        await using var pair = await Pair.StartAsync();
        await using var browser = await chromium.OpenAsync(1280, 900);
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await Expect(browser.Page.Locator("#routes .none")).ToHaveTextAsync("No route has been asked within the last 15 minutes.", InTime);
        await browser.Page.Locator("#routes-fold").ClickAsync();

        foreach (var width in new[] { 1280, 1366, 1440, 1600, 1701, 1920 })
        {
            await browser.Page.SetViewportSizeAsync(width, 900);
            await browser.ScreenshotAsync($"routes-{width}");
            var rows = await browser.Page.EvaluateAsync<JsonElement>("""
                [...document.querySelectorAll('#routes tbody tr')].map(row => ({
                  height: row.offsetHeight, path: row.querySelector('[data-name=Path]').textContent, clipped: [...row.children].some(cell => cell.scrollWidth > cell.clientWidth) }))
                """);
            Assert.All(rows.EnumerateArray(), row =>
            {
                Assert.True(row.GetProperty("height").GetInt32() < 45, $"{row} takes more than a line at {width}");
                Assert.False(row.GetProperty("clipped").GetBoolean(), $"{row} is clipped at {width}");
            });
            Assert.Contains("/calcom/v2/organizations/{orgId}/teams/{teamId}/verified-resources/{**rest}", rows.EnumerateArray().Select(row => row.GetProperty("path").GetString()));
        }
    }

    [Fact]
    public async Task Of_a_thousand_routes_those_in_trouble_come_first_then_the_busy_ones_and_the_silent_ones_are_folded()
    {
        await using var pair = await Pair.StartAsync(settings: With(GatewayFixture.ShippedSettings, [.. Enumerable.Range(1, 1000).Select(number => ($"tenant-{number}", $"/calcom/v2/tenants/{number}/{{**rest}}"))]));
        await VisitAsync(pair, "/calcom/v2/slots?eventTypeId=1", "/calcom/v2/event-types", "/calcom/v2/event-types", "/calcom/v2/event-types", "/calcom/v2/schedules", "/calcom/v2/tenants/7/x");
        await using var browser = await chromium.OpenAsync(1280, 900);
        var rows = browser.Page.Locator("#routes tbody tr strong");
        await browser.GoToAsync(pair.Gateway.ManagementAddress);

        await Expect(rows).ToHaveTextAsync(["tenant-7", "event-types", "schedules", "slots"], new() { Timeout = 15_000 });
        var fold = browser.Page.GetByRole(AriaRole.Button, new() { Name = "silent routes" });
        await Expect(fold).ToHaveAttributeAsync("aria-expanded", "false");
        await browser.ScreenshotAsync("status-thousand");

        await fold.PressAsync("Enter");
        await Expect(rows).ToHaveCountAsync(1019, new() { Timeout = 15_000 });
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Fold 1,015 routes" })).ToHaveAttributeAsync("aria-expanded", "true");
        await Expect(browser.Page.GetByRole(AriaRole.Button, new() { Name = "Fold 1,015 routes" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Every_page_of_a_problem_is_a_page_like_the_others_says_its_title_once_the_fix_first_and_leads_to_its_line_of_the_documentation()
    {
        await using var pair = await Pair.StartAsync();
        await using var browser = await chromium.OpenAsync();
        foreach (var type in ProblemTypes.All)
        {
            using var answer = await pair.GetAsync(type.Address, ("Accept", "text/html"));
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal(("nosniff", "DENY", "no-referrer"), (One("X-Content-Type-Options"), One("X-Frame-Options"), One("Referrer-Policy")));
            Assert.Contains("Accept", One("Vary"), StringComparison.Ordinal);

            await browser.GoToAsync(new Uri(pair.Gateway.Address, type.Address));
            await Expect(browser.Page.GetByText(type.Title)).ToHaveCountAsync(1);
            await Expect(browser.Page.GetByRole(AriaRole.Heading)).ToHaveTextAsync([type.Title, "What to do", "Likely causes", "More about it"]);
            await browser.Page.GetByRole(AriaRole.Link, new() { Name = "Troubleshooting, " + type.Code }).ClickAsync();
            await Expect(browser.Page.Locator("h3:target")).ToHaveTextAsync(type.Code);

            string One(string name) => string.Join(", ", answer.Headers.GetValues(name));
        }

        Assert.Empty(browser.Errors);
        Assert.All(browser.Requests, request => Assert.Equal(pair.Gateway.Address.Authority, new Uri(request.Url).Authority));
    }

    /// <summary>At all widths in one page, as somebody sees it who pulls at its window.</summary>
    private static async Task LookAsync(BrowserPage browser, string name, ColorScheme scheme)
    {
        foreach (var width in scheme == ColorScheme.Light ? Judged.Concat(Between) : InTheDark)
        {
            await browser.Page.SetViewportSizeAsync(width, 900);
            var place = $"{name} at {width} in {scheme}";
            Assert.True(await browser.OverhangAsync() <= 0, $"{place} runs off its side");
            var broken = await browser.BrokenWordsAsync();
            Assert.True(broken is [], $"{place} breaks {string.Join("; ", broken)}");
            if (!Judged.Contains(width))
                continue;

            await browser.ScreenshotAsync($"page-{name}-{width}-{scheme.ToString().ToLowerInvariant()}");
            var barriers = await browser.BarriersAsync();
            Assert.True(barriers is [], $"{place}: {string.Join("; ", barriers)}");
        }

        Assert.Empty(browser.Errors);
    }

    private static string With(string settings, string route, string path) => With(settings, [(route, path)]);

    private static string With(string settings, IReadOnlyList<(string Route, string Path)> routes) => settings.Replace("\"Routes\": {", "\"Routes\": {\n" + string.Concat(routes.Select(route =>
        $$"""      "{{route.Route}}": { "ClusterId": "calcom", "Match": { "Path": "{{route.Path}}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-08-13" }] },{{"\n"}}""")), StringComparison.Ordinal);

    /// <summary>All are counted when this returns.</summary>
    private static async Task VisitAsync(Pair pair, params string[] paths)
    {
        foreach (var path in paths)
            (await pair.GetAsync(path)).Dispose();
        await Eventually.TrueAsync(async () => (int)(await pair.Gateway.StatusAsync())["traffic"]!["requests"]! == paths.Length, "all are counted");
    }
}
