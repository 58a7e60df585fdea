using Microsoft.Playwright;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>The checks that the tests of pages rely on do find errors.</summary>
public sealed class BrowserPageTests(Chromium chromium)
{
    [Fact]
    public async Task A_page_that_keeps_people_out_fails_and_asks_elsewhere_is_told_as_such()
    {
        await using var site = await WebPage.StartAsync(() => """
            <!doctype html><html lang="en"><title>a page</title><meta http-equiv="Content-Security-Policy" content="img-src 'none'">
            <main><h1>A page</h1><input><img src="/elsewhere.png"><p hidden>dark</p></main>
            <style>@media (prefers-color-scheme: dark) { p { display: block } }</style>
            <script>missing()</script></html>
            """);
        await using var browser = await chromium.OpenAsync(width: 400, height: 600, ColorScheme.Dark);

        await browser.GoToAsync(site.Address);

        await Assertions.Expect(browser.Page.GetByText("dark")).ToBeVisibleAsync();
        var barriers = await browser.BarriersAsync();
        Assert.Contains(barriers, barrier => barrier.StartsWith("label: ", StringComparison.Ordinal));
        Assert.Contains(barriers, barrier => barrier.StartsWith("image-alt: ", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => browser.Errors.Any(error => error.Contains("missing is not defined", StringComparison.Ordinal)), "the uncaught error is told");
        await Eventually.TrueAsync(() => browser.Errors.Any(error => error.Contains("elsewhere.png", StringComparison.Ordinal)), "what the content policy forbade is told");
        Assert.Contains(browser.Requests, request => request.Url == site.Address.AbsoluteUri);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(await browser.ScreenshotAsync("a-page"), TestContext.Current.CancellationToken))[..4]);
    }
}
