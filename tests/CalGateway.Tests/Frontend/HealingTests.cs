using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;

namespace CalGateway.Tests.Frontend;

/// <summary>A pin is broken and mended by edits of the file, while the page stays open and nobody reloads it.</summary>
[Collection(RunsAlone.Name)]
public sealed class HealingTests(Chromium chromium)
{
    private const string Right = "2024-06-14";
    private const string Wrong = "2024-08-13";
    private const string Title = "Cal.com has no such route at this API version";
    private const string Remedy = "In yarp.json set ReverseProxy:Routes:event-types:Transforms CalApiVersion to \"2024-06-14\"; it takes effect on save.";

    private static readonly LocatorAssertionsToHaveTextOptions PromisedText = new() { Timeout = 3000 };
    private static readonly LocatorAssertionsToContainTextOptions Promised = new() { Timeout = 3000 };

    [Theory]
    [InlineData(1600, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task A_pin_that_breaks_under_an_open_page_is_told_within_three_seconds_and_the_page_heals_with_it(int width, ColorScheme scheme)
    {
        await using var pair = await OwnersJourneyTests.StartAsync();
        await using var browser = await chromium.OpenAsync(width, scheme: scheme);
        var page = browser.Page;
        var picture = $"frontend-{width}-{scheme}-".ToLowerInvariant();
        await browser.GoToAsync(pair.Gateway.Address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Load Event Types" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Connected")).ToBeVisibleAsync();
        await page.GetByLabel("Default event type").SelectOptionAsync("3928135");

        pair.Gateway.Edit(text => text.Replace(Right, Wrong, StringComparison.Ordinal));
        await InForceAsync(pair, 502);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(Title, Promised);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync(Remedy);
        await browser.ScreenshotAsync(picture + "5-broken");
        Assert.Empty(await browser.BarriersAsync());

        pair.Gateway.Edit(text => text.Replace(Wrong, Right, StringComparison.Ordinal));
        await InForceAsync(pair, 200);
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync("Cal.com answers again", new() { Timeout = 10_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByLabel("Default event type")).ToHaveValueAsync("3928135");
        await browser.ScreenshotAsync(picture + "6-healed");

        Assert.Single(browser.Requests, request => request.Url == pair.Gateway.Address.AbsoluteUri);
    }

    [Fact]
    public async Task Asked_with_a_broken_pin_it_says_so_within_three_seconds_and_asks_on_gently_until_it_is_mended()
    {
        await using var pair = await OwnersJourneyTests.StartAsync(GatewayFixture.ShippedSettings.Replace(Right, Wrong, StringComparison.Ordinal));
        await using var browser = await chromium.OpenAsync();
        var page = browser.Page;
        await browser.GoToAsync(pair.Gateway.Address);

        await page.GetByRole(AriaRole.Button, new() { Name = "Load Event Types" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Locator("strong")).ToHaveTextAsync(Title, PromisedText);
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Locator("p")).ToHaveTextAsync(Remedy);
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "What api-version-mismatch means" })).ToHaveAttributeAsync("href", "/_gateway/problems/api-version-mismatch");

        await Eventually.TrueAsync(async () => (await AskedAtAsync(browser)).Length >= 3, "it asks on");
        Assert.True(await AskedAtAsync(browser) is [var first, var second, var third, ..] && second - first > 1000 && third - second > 2000, "ever more slowly");

        pair.Gateway.Edit(text => text.Replace(Wrong, Right, StringComparison.Ordinal));
        await Assertions.Expect(page.GetByLabel("Default event type").Locator("option")).ToHaveCountAsync(3, new() { Timeout = 15_000 });
        await Assertions.Expect(page.GetByText("Connected")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_page_that_nobody_asked_anything_asks_nothing_itself()
    {
        await using var pair = await OwnersJourneyTests.StartAsync();
        await using var browser = await chromium.OpenAsync();

        await browser.GoToAsync(pair.Gateway.Address);
        await Assertions.Expect(browser.Page.GetByText("Not loaded")).ToBeVisibleAsync();

        Assert.Empty(await AskedAtAsync(browser));
    }

    /// <summary>When the page asked for event types, in milliseconds since it was opened, by its own clock.</summary>
    private static Task<double[]> AskedAtAsync(BrowserPage browser) => browser.Page.EvaluateAsync<double[]>(
        "performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('/calcom/v2/event-types')).map(entry => entry.startTime)");

    private static Task InForceAsync(Pair pair, int status) => Eventually.TrueAsync(async () =>
    {
        using var answer = await pair.GetAsync("/calcom/v2/event-types");
        return (int)answer.StatusCode == status;
    }, $"event types are answered with {status}");
}
