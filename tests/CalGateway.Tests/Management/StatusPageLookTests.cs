using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalGateway.Tests.Management;

/// <summary>How the status page looks, when all is well and when something fails.</summary>
[Collection(Browsing.Name)]
public sealed class StatusPageLookTests(Chromium chromium)
{
    private static readonly LocatorAssertionsToHaveTextOptions InTime = new() { Timeout = 15_000 };

    [Theory]
    [InlineData(400, ColorScheme.Dark)]
    [InlineData(1600, ColorScheme.Light)]
    public async Task It_is_readable_by_everybody_at_any_width_and_in_any_light_and_asks_nobody_else(int width, ColorScheme scheme)
    {
        await using var pair = await Pair.StartAsync();
        await using var browser = await chromium.OpenAsync(width, 1000, scheme);
        await pair.VisitAsync();
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await Expect(browser.Page.Locator("#verdict-title")).ToHaveTextAsync("All is well", InTime);
        await LookAsync("well");

        pair.Gateway.Edit(text => text.ReplaceFirst("2024-06-14", "2024-08-13"));
        await Expect(browser.Page.Locator("#verdict-title")).ToHaveTextAsync("Something wants attention", InTime);
        await pair.VisitAsync();
        pair.Gateway.Edit(text => text.Replace("OutputCachePolicy", "OutputCachePolcy", StringComparison.Ordinal));
        await Expect(browser.Page.Locator("#verdict-title")).ToHaveTextAsync("Something fails", InTime);
        await Expect(browser.Page.Locator("#edits .badge").First).ToHaveTextAsync("Refused", InTime);
        await browser.Page.Locator("#others summary").First.ClickAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        await Expect(browser.Page.Locator("#explained [data-name=Expected] dd")).ToHaveTextAsync("api-version-mismatch", InTime);
        await LookAsync("failing");

        Assert.Empty(browser.Errors);
        Assert.All(browser.Requests, request => Assert.Equal(pair.Gateway.ManagementAddress.Authority, new Uri(request.Url).Authority));

        async Task LookAsync(string state)
        {
            await browser.ScreenshotAsync($"status-{state}-{width}-{scheme.ToString().ToLowerInvariant()}");
            Assert.Empty(await browser.BarriersAsync());
            Assert.Equal(width, await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }
    }
}
