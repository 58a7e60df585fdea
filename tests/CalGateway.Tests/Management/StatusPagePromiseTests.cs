using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalGateway.Tests.Management;

/// <summary>How soon the status page tells of an edit. Alone, because on a busy machine the browser itself may take longer than the promised three seconds.</summary>
[Collection(RunsAlone.Name)]
public sealed class StatusPagePromiseTests(Chromium chromium)
{
    private const string List = "/calcom/v2/event-types";

    private static readonly LocatorAssertionsToHaveTextOptions Soon = new() { Timeout = 3_000 };

    private static readonly LocatorAssertionsToHaveTextOptions InTime = new() { Timeout = 15_000 };

    [Fact]
    public async Task A_broken_pin_is_told_within_three_seconds_with_the_line_to_change_and_heals_when_it_is_mended()
    {
        await using var pair = await Pair.StartAsync();
        await using var browser = await chromium.OpenAsync();
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await Expect(StatusPageParts.Verdict(browser)).ToHaveTextAsync("All is well", InTime);

        pair.Gateway.Edit(text => text.ReplaceFirst("2024-06-14", "2024-08-13"));

        await Expect(StatusPageParts.Verdict(browser)).ToHaveTextAsync("Something wants attention", Soon);
        await Expect(browser.Page.Locator(".remedy p")).ToHaveTextAsync("In yarp.json:10 set CalApiVersion of event-types to \"2024-06-14\"; it takes effect on save.");
        await Expect(StatusPageParts.RouteCell(browser, "event-types", "Catalogue").Locator(".badge")).ToHaveTextAsync("Doubted");
        await Expect(browser.Page.Locator(".changes").First).ToContainTextAsync("event-types: CalApiVersion 2024-06-14 → 2024-08-13");

        (await pair.GetAsync(List)).Dispose();
        await Expect(StatusPageParts.Verdict(browser)).ToHaveTextAsync("Something fails", InTime);
        await Expect(browser.Page.Locator("#problems tbody")).ToContainTextAsync("api-version-mismatch");

        pair.Gateway.Edit(text => text.ReplaceFirst("2024-08-13", "2024-06-14"));

        await Expect(StatusPageParts.Verdict(browser)).ToHaveTextAsync("All is well", Soon);
        await Expect(StatusPageParts.RouteCell(browser, "event-types", "Catalogue").Locator(".badge")).ToHaveTextAsync("Right");
    }
}
