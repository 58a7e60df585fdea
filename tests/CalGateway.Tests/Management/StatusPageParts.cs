using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;

namespace CalGateway.Tests.Management;

/// <summary>Where things are on the status page.</summary>
internal static class StatusPageParts
{
    public static ILocator Verdict(BrowserPage browser) => browser.Page.Locator("#verdict-title");

    public static ILocator RouteCell(BrowserPage browser, string route, string column) => browser.Page
        .Locator("#routes tbody tr").Filter(new() { Has = browser.Page.Locator($"xpath=.//strong[.='{route}']") }).Locator($"[data-name={column}]");
}
