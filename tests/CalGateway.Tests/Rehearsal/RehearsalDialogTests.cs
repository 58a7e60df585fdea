using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalGateway.Tests.Rehearsal;

/// <summary>The button beside each pin, in a real browser.</summary>
[Collection(RunsAlone.Name)]
public sealed class RehearsalDialogTests(Chromium chromium)
{
    [Fact]
    public async Task Beside_a_pin_another_version_is_rehearsed_and_its_report_shown()
    {
        await using var pair = await Pair.StartAsync();
        await using var browser = await chromium.OpenAsync();
        var page = browser.Page;
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await page.Locator("#routes-fold").ClickAsync();

        await page.Locator("[data-focus='rehearse event-types']").ClickAsync();
        await Expect(page.Locator("#rehearse-title")).ToHaveTextAsync("Rehearse event-types");
        await page.Locator("#rehearse-version").SelectOptionAsync("2024-04-15");
        await page.Locator("#rehearse-begin").ClickAsync();

        await Expect(page.Locator("#rehearsed")).ToContainTextAsync("breaking: event-types at 2024-04-15 instead of 2024-06-14", new LocatorAssertionsToContainTextOptions { Timeout = 15_000 });
        await Expect(page.Locator("#rehearsed")).ToContainTextAsync("data[].lengthInMinutes (number) is gone");
        await page.Locator("#rehearse-close").ClickAsync();
        await Expect(page.Locator("#rehearse")).ToBeHiddenAsync();
        Assert.Empty(browser.Errors);
    }
}
