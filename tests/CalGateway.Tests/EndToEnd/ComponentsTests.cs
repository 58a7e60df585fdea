using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.ExistingClients;
using CalGateway.Tests.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace CalGateway.Tests.EndToEnd;

/// <summary>Cal.com's own React components, as npm has them, in a real browser: they need a gateway's address, and neither a key in the page nor a platform plan.</summary>
public sealed class ComponentsTests(Chromium chromium, ComponentsPage components)
{
    /// <summary>A Monday, early: the month has free slots whenever the test runs.</summary>
    private static readonly DateTimeOffset Monday = new(2026, 12, 7, 6, 0, 0, TimeSpan.Zero);

    /// <summary>In milliseconds: six megabytes of script start slowly on a busy machine.</summary>
    private const float Patience = 30_000;

    private static readonly string[] Closed = ["/v2/me", "/v2/provider/"];

    [Fact]
    public async Task A_developers_page_on_another_port_shows_the_event_and_its_slots_and_books_one_with_nothing_edited()
    {
        await using var site = await components.ServeAsync();
        await using var sandbox = await StartSandboxAsync();
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        var asked = await BookAsync(site, gateway, sandbox);

        Assert.All(asked, request => Assert.Equal($"Bearer {sandbox.ApiKey}", Assert.Single(request.Header("Authorization"))));
    }

    [Fact]
    public async Task A_strangers_page_on_a_listed_origin_does_the_same_unsigned_and_what_is_the_owners_stays_shut()
    {
        await using var site = await components.ServeAsync();
        await using var sandbox = await StartSandboxAsync();
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: ForStrangers(site.Origin));

        var asked = await BookAsync(site, gateway, sandbox, async page =>
        {
            foreach (var (method, path) in new[] { ("PATCH", "/v2/me"), ("GET", "/v2/me"), ("GET", "/v2/provider/any"), ("GET", "/v2/provider/any/access-token"), ("GET", "/v2/bookings") })
                Assert.Contains(await AskFromAsync(page, gateway, method, path), new[] { 401, 403 });
        });

        Assert.All(asked, request => Assert.Empty(request.Header("Authorization")));
        Assert.DoesNotContain(asked, request => Closed.Any(path => request.Path.StartsWith(path, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_page_with_a_consumers_key_needs_the_operations_that_the_documentation_lists()
    {
        await using var site = await components.ServeAsync();
        await using var sandbox = await StartSandboxAsync();
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(
            website => website["Operations"] = Recipes.OperationsOfThePage,
            access => access["Cors"] = new JsonObject { ["Origins"] = AccessSettings.List(site.Origin) }));

        var asked = await BookAsync(site, gateway, sandbox, token: AccessSettings.Key);

        Assert.DoesNotContain(asked, request => Closed.Any(path => request.Path.StartsWith(path, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_page_on_an_origin_that_is_not_listed_shows_nothing()
    {
        await using var site = await components.ServeAsync();
        await using var sandbox = await StartSandboxAsync();
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: ForStrangers("https://shop.example"));
        await using var browser = await OpenAsync(site, gateway);

        await Eventually.TrueAsync(() => browser.Errors.Any(error => error.Contains("CORS policy", StringComparison.Ordinal)), "the browser refuses");
        await Expect(browser.Page.GetByText("15 Min Meeting")).ToBeHiddenAsync();
        Assert.Empty(sandbox.Requests.All);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    [InlineData("whatever, and more")]
    public async Task The_components_header_with_any_value_chooses_their_version_and_does_not_travel(string value)
    {
        await using var pair = await Pair.StartAsync();

        var answer = await pair.AskRawAsync(
            $"GET /calcom/v2/slots/available?eventTypeId=3928133&startTime=2030-01-01T00:00:00Z&endTime=2030-01-03T00:00:00Z HTTP/1.1\r\nHost: localhost\r\n" +
            $"x-cal-platform-embed: {value}\r\nx-cal-platform-embed: again\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal("2024-06-14", Assert.Single(asked.Header("cal-api-version")));
        Assert.Empty(asked.Header("x-cal-platform-embed"));
    }

    /// <summary>The event is shown, then its slots; one is chosen, the form filled in; the booking is at the sandbox.</summary>
    /// <returns>What Cal.com was asked by the page.</returns>
    private async Task<IReadOnlyList<RecordedRequest>> BookAsync(WebPage site, GatewayFixture gateway, SandboxHost sandbox, Func<IPage, Task>? asksBesides = null, string token = "any")
    {
        await using var browser = await OpenAsync(site, gateway, token);
        var page = browser.Page;
        await Expect(page.GetByText("15 Min Meeting")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = Patience });
        var slots = page.GetByTestId("time");
        await Expect(slots.First).ToHaveTextAsync("09:00", new LocatorAssertionsToHaveTextOptions { Timeout = Patience });
        await TakePictureAsync(browser);
        if (asksBesides is not null)
            await asksBesides(page);

        await slots.GetByText("09:30", new LocatorGetByTextOptions { Exact = true }).ClickAsync();
        await page.Locator("[name=name]").FillAsync("Ada Caller");
        await page.Locator("[name=email]").FillAsync("ada@example.com");
        await page.GetByTestId("confirm-book-button").ClickAsync();
        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex("^Booked "), new PageAssertionsToHaveTitleOptions { Timeout = Patience });

        var asked = sandbox.Requests.All;
        Assert.All(asked, request => Assert.DoesNotContain(request.Headers, header => header.Key.StartsWith("x-cal-", StringComparison.OrdinalIgnoreCase)));
        Assert.All(asked.Where(request => request.Path.StartsWith("/v2/slots/", StringComparison.Ordinal) || request.Path == "/v2/bookings"), request =>
            Assert.Equal("2024-06-14", Assert.Single(request.Header("cal-api-version"))));

        using var owner = new SandboxClient(sandbox);
        var booking = (await owner.GetJsonAsync($"/v2/bookings/{(await page.TitleAsync())["Booked ".Length..]}", "2024-08-13"))["data"]!;
        Assert.Equal("2026-12-07T09:30:00.000Z", (string?)booking["start"]);
        Assert.Equal("Ada Caller", (string?)booking["attendees"]![0]!["name"]);
        return asked;
    }

    /// <summary>No request is intercepted: that would answer the browser's preflights in the gateway's place.</summary>
    private async Task<BrowserPage> OpenAsync(WebPage site, GatewayFixture gateway, string token = "any")
    {
        var browser = await chromium.OpenAsync(1000, 640);
        await browser.Page.Clock.SetFixedTimeAsync(Monday.UtcDateTime);
        await browser.GoToAsync(new Uri(site.Address, $"?gateway={gateway.Address}&token={token}"));
        return browser;
    }

    /// <summary>
    /// Taken when everything has faded in. The components fetch their icons from Cal.com's servers, which no test reaches: the picture has a disc in their
    /// places.
    /// </summary>
    private static async Task TakePictureAsync(BrowserPage browser)
    {
        await browser.Page.WaitForFunctionAsync(
            "title => { let part = document.evaluate(`//*[text()='${title}']`, document, null, 9).singleNodeValue; " +
            "for (; part; part = part.parentElement) if (getComputedStyle(part).opacity !== '1') return false; return true; }", "15 Min Meeting");
        await browser.Page.EvaluateAsync(
            "disc => document.querySelectorAll('img').forEach(image => image.src = disc)",
            "data:image/svg+xml," + Uri.EscapeDataString("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 2 2'><circle cx='1' cy='1' r='1' fill='#9ca3af'/></svg>"));
        await browser.ScreenshotAsync("components");
    }

    private static Task<int> AskFromAsync(IPage page, GatewayFixture gateway, string method, string path) => page.EvaluateAsync<int>(
        "([address, method]) => fetch(address, { method, headers: { 'x-cal-platform-embed': 'false', 'cal-api-version': '2024-06-14', 'content-type': 'application/json' }, body: method === 'GET' ? undefined : '{\"timeZone\":\"Asia/Tokyo\"}' }).then(answer => answer.status)",
        new[] { new Uri(gateway.Address, $"calcom{path}").AbsoluteUri, method });

    private static Task<SandboxHost> StartSandboxAsync() =>
        SandboxHost.StartAsync(new SandboxOptions { TimeProvider = new FakeTimeProvider(Monday) }, TestContext.Current.CancellationToken);

    private static string ForStrangers(string origin)
    {
        var access = Recipes.Strangers;
        access["Cors"]!["Origins"] = AccessSettings.List(origin);
        return AccessSettings.With(access);
    }
}
