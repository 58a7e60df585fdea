using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalGateway.Tests.Management;

/// <summary>The status page as an operator meets it, in a real browser.</summary>
[Collection(Browsing.Name)]
public sealed class StatusPageTests(Chromium chromium)
{
    private const string List = "/calcom/v2/event-types";

    private static readonly LocatorAssertionsToHaveTextOptions InTime = new() { Timeout = 15_000 };

    [Fact]
    public async Task A_refused_edit_is_shown_with_its_reason_and_the_revision_that_stays()
    {
        await using var pair = await Pair.StartAsync();
        await using var browser = await chromium.OpenAsync();
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await Expect(StatusPageParts.Verdict(browser)).ToHaveTextAsync("All is well", InTime);
        var revision = await browser.Page.Locator("#facts").TextContentAsync();

        pair.Gateway.Edit(text => text.ReplaceFirst("OutputCachePolicy", "<img src=x onerror=alert(1)>"));

        await Expect(browser.Page.Locator(".what")).ToHaveTextAsync("The last edit of yarp.json was refused", InTime);
        await Expect(browser.Page.Locator(".edit[data-accepted=false] .findings").First).ToContainTextAsync("\"<img src=x onerror=alert(1)>\" is not a setting here");
        await Expect(browser.Page.Locator("#facts")).ToHaveTextAsync(revision!);
        await Expect(browser.Page.Locator("main img")).ToHaveCountAsync(0);
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task Keys_alone_explain_a_request_and_evict_after_asking_once_more()
    {
        await using var pair = await Pair.StartAsync();
        await using var browser = await chromium.OpenAsync();
        var page = browser.Page;
        await pair.VisitAsync();
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await Expect(page.Locator("#cache")).ToContainTextAsync("1 answer,", new() { Timeout = 15_000 });

        await TabToAsync(browser, "Path");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("event-types/5");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#explained [data-name=Operation] dd")).ToHaveTextAsync("GET /v2/event-types/{eventTypeId}", InTime);

        await TabToAsync(browser, "Evict the answers tagged event-types");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToBeHiddenAsync();
        await Expect(page.Locator("#cache")).ToContainTextAsync("1 answer,");

        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#evicted")).ToHaveTextAsync("Evicted 1 answer of event-types.", InTime);
        await Expect(page.Locator("#cache")).ToContainTextAsync("0 answers,", new() { Timeout = 15_000 });
        await pair.VisitAsync();
        Assert.Equal(2, pair.Sandbox.Requests.All.Count(request => request.Path == "/v2/event-types"));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1600)]
    public async Task It_shows_who_gets_a_route_at_a_version_of_their_own_and_explains_for_a_consumer(int width)
    {
        var settings = AccessSettings.ApiKey(access: section =>
        {
            for (var index = 1; index <= 6; index++)
            {
                section["Consumers"]![$"partner-with-a-rather-long-name-{index}"] = AccessSettings.Consumer($"cgw_of-partner-{index}-0123456789-abcdefghijklmnop");
                section["Consumers"]![$"partner-with-a-rather-long-name-{index}"]!["Versions"] = new JsonObject { ["bookings"] = "2024-06-14" };
            }

            section["Consumers"]!["website"]!["Versions"] = new JsonObject { ["event-types"] = "2031-01-01" };
        });
        await using var pair = await Pair.StartAsync(settings: settings);
        await using var browser = await chromium.OpenAsync(width, 1000, ColorScheme.Light);
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        await Expect(StatusPageParts.Verdict(browser)).ToHaveTextAsync("Something wants attention", InTime);
        await browser.Page.Locator("#routes-fold").ClickAsync();

        await Expect(StatusPageParts.RouteCell(browser, "event-types", "Version").Locator(".consumers li")).ToHaveTextAsync("website at 2031-01-01 Doubted ask for 2024-06-14", InTime);
        await StatusPageParts.RouteCell(browser, "bookings", "Version").Locator("summary").ClickAsync();
        await Expect(StatusPageParts.RouteCell(browser, "bookings", "Version").Locator("li")).ToHaveCountAsync(6);
        await browser.Page.GetByLabel("Consumer").FillAsync("website");
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Explain" }).ClickAsync();
        await Expect(browser.Page.Locator("#explained [data-name=Version] dd")).ToHaveTextAsync(new Regex("^2031-01-01, website's own, at yarp.json:"), InTime);

        await browser.ScreenshotAsync($"status-consumers-{width}");
        Assert.Empty(await browser.BarriersAsync());
        Assert.Equal(width, await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(browser.Errors);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1600)]
    public async Task It_shows_the_window_as_it_fills_who_uses_it_and_the_circuit(int width)
    {
        await using var pair = await Pair.StartAsync(new SandboxOptions { RateLimit = true }, settings: AccessSettings.ApiKey());
        await using var browser = await chromium.OpenAsync(width, 1000, ColorScheme.Light);
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        for (var i = 0; i < 30; i++)
            (await pair.GetAsync("/calcom/v2/me", ("X-Api-Key", AccessSettings.Key))).Dispose();

        await Expect(Line("This window")).ToContainTextAsync("30 of 120 used, none refused", new() { Timeout = 15_000 });
        await Expect(Line("This window").Locator("meter")).ToHaveJSPropertyAsync("value", 30);
        await Expect(Line("Used by")).ToContainTextAsync("website 30");
        await Expect(Line("Circuit")).ToContainTextAsync("closed: requests pass");

        pair.Sandbox.Faults.Add(Fault.Status(500));
        for (var i = 0; i < 40; i++)
            (await pair.GetAsync("/calcom/v2/me", ("X-Api-Key", AccessSettings.Key))).Dispose();

        await Expect(Line("Circuit")).ToContainTextAsync("open: nothing is sent for a while", new() { Timeout = 15_000 });
        await browser.ScreenshotAsync($"status-quota-{width}");
        Assert.Empty(await browser.BarriersAsync());
        Assert.Equal(width, await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(browser.Errors);

        ILocator Line(string name) => browser.Page.Locator("#upstream > div").Filter(new() { Has = browser.Page.Locator("dt", new() { HasTextString = name }) });
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1600)]
    public async Task It_shows_what_reads_come_to_at_another_version(int width)
    {
        var settings = GatewayFixture.ShippedSettings.Replace("\"CalApiVersion\": \"2024-08-13\"", "\"CalApiVersion\": \"2024-08-13\", \"Shadow\": \"2024-04-15\", \"ShadowPercent\": \"100\"", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: settings);
        await using var browser = await chromium.OpenAsync(width, 1000, ColorScheme.Light);
        await browser.GoToAsync(pair.Gateway.ManagementAddress);
        (await pair.GetAsync("/calcom/v2/bookings")).Dispose();

        var bookings = browser.Page.Locator("#shadows [data-route=bookings]");
        await Expect(bookings.Locator(".outcomes")).ToContainTextAsync("1 breaking", new() { Timeout = 15_000 });
        await bookings.Locator("summary").ClickAsync();
        await Expect(bookings.Locator(".differences li").First).ToContainTextAsync("in 1 of 1");
        await browser.ScreenshotAsync($"status-shadow-{width}");
        Assert.Empty(await browser.BarriersAsync());
        Assert.Equal(width, await browser.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.Empty(browser.Errors);
    }

    [Fact]
    public async Task A_foreign_page_can_neither_evict_nor_read()
    {
        await using var pair = await Pair.StartAsync();
        var gateway = pair.Gateway.ManagementAddress;
        await using var foreign = await WebPage.StartAsync(() => $$"""
            <!doctype html><title>a page</title><output>waiting</output>
            <form method="post" action="{{gateway}}cache/evict?tag=event-types"><button>Win</button></form>
            <script>
            const ask = (path, options) => fetch('{{gateway}}' + path, options).then(answer => answer.type, () => 'refused');
            Promise.all([
              ask('cache/evict?tag=event-types', { method: 'POST', mode: 'no-cors' }),
              ask('cache/evict?tag=event-types', { method: 'POST', headers: { 'CalGateway-Token': '0' } }),
              ask('status'), ask('events'),
            ]).then(all => document.querySelector('output').textContent = all.join(' '));
            </script>
            """);
        await pair.VisitAsync();
        await using var browser = await chromium.OpenAsync();
        await browser.GoToAsync(foreign.Address);

        await Expect(browser.Page.Locator("output")).ToHaveTextAsync("refused refused refused refused", InTime);
        var answer = await browser.Page.RunAndWaitForResponseAsync(() => browser.Page.GetByText("Win").ClickAsync(), response => response.Url.Contains("evict", StringComparison.Ordinal));

        Assert.Equal((int)HttpStatusCode.Forbidden, answer.Status);
        Assert.Equal(1, (int)(await pair.Gateway.StatusAsync())["cache"]!["entries"]!);
    }

    [Fact]
    public async Task It_survives_a_restart_says_so_meanwhile_and_can_evict_afterwards()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string?> { ["CalGateway__Management__Url"] = $"http://127.0.0.1:{FreePort.Next()}" };
        await using var browser = await chromium.OpenAsync();
        await using (var first = await GatewayFixture.StartAsync(sandbox, environment: environment))
        {
            await browser.GoToAsync(first.ManagementAddress);
            await Expect(browser.Page.Locator("#link")).ToHaveTextAsync("Live", InTime);
        }

        await Expect(browser.Page.Locator("#link")).ToHaveTextAsync("The gateway is away; trying again…", InTime);
        await using var second = await GatewayFixture.StartAsync(sandbox, environment: environment, settings: GatewayFixture.ShippedSettings.ReplaceFirst("2024-06-14", "2024-08-13"));

        await Expect(browser.Page.Locator("#link")).ToHaveTextAsync("Live", InTime);
        await Expect(StatusPageParts.Verdict(browser)).ToHaveTextAsync("Something wants attention", InTime);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Evict the answers tagged event-types" }).ClickAsync();
        await browser.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Evict" }).ClickAsync();
        await Expect(browser.Page.Locator("#evicted")).ToHaveTextAsync("Evicted 0 answers of event-types.", InTime);
    }

    /// <summary>As somebody without a mouse gets there.</summary>
    private static async Task TabToAsync(BrowserPage browser, string name)
    {
        const string focused = """
            () => { const it = document.activeElement; return (it.labels?.[0] ?? it).textContent.replace(/\s+/g, ' ').trim(); }
            """;
        for (var stop = 0; stop < 40; stop++)
        {
            await browser.Page.Keyboard.PressAsync("Tab");
            if (await browser.Page.EvaluateAsync<string>(focused) == name)
                return;
        }

        Assert.Fail($"\"{name}\" cannot be reached by the Tab key.");
    }
}
