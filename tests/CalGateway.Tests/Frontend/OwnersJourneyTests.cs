using System.Text.Json.Nodes;
using CalGateway.Frontend;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;

namespace CalGateway.Tests.Frontend;

/// <summary>The owner's way through the first frontend, in a real browser.</summary>
public sealed class OwnersJourneyTests(Chromium chromium)
{
    private const string Loaded = "Loaded 3 event type(s) from Cal.com";

    [Theory]
    [InlineData(1600, ColorScheme.Light)]
    [InlineData(400, ColorScheme.Dark)]
    public async Task Load_choose_save_come_back_book_and_cancel(int width, ColorScheme scheme)
    {
        await using var pair = await StartAsync();
        await using var browser = await chromium.OpenAsync(width, scheme: scheme);
        var page = browser.Page;
        var picture = $"frontend-{width}-{scheme}-".ToLowerInvariant();
        await browser.GoToAsync(pair.Gateway.Address);
        await browser.ScreenshotAsync(picture + "1-start");
        Assert.Empty(await browser.BarriersAsync());

        await page.GetByRole(AriaRole.Button, new() { Name = "Load Event Types" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToHaveTextAsync(Loaded);
        var types = page.GetByLabel("Default event type");
        await Assertions.Expect(types.Locator("option")).ToHaveTextAsync(["15 Min Meeting · 15 min", "Secret Meeting · 15 min · hidden", "30 Min Video Call · 30 min"]);
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Time" }).GetByRole(AriaRole.Radio).First).ToBeVisibleAsync();
        await browser.ScreenshotAsync(picture + "2-loaded");
        Assert.Empty(await browser.BarriersAsync());

        await types.SelectOptionAsync("30 Min Video Call · 30 min");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Reception");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.ReloadAsync();
        await Assertions.Expect(types).ToHaveValueAsync("3928135");
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Reception");

        await page.GetByRole(AriaRole.Group, new() { Name = "Day" }).GetByRole(AriaRole.Radio).Nth(1).CheckAsync();
        await page.GetByRole(AriaRole.Radio, new() { Name = "11:30" }).CheckAsync();
        await page.GetByLabel("Attendee’s name").FillAsync("Ada Lovelace");
        await page.GetByLabel("Attendee’s e-mail").FillAsync("ada@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Book", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Booked" })).ToBeVisibleAsync();
        await browser.ScreenshotAsync(picture + "3-booked");
        Assert.Empty(await browser.BarriersAsync());
        var uid = await page.Locator("#uid").TextContentAsync();
        var written = Assert.Single(pair.Sandbox.Requests.For("POST", "/v2/bookings"));
        Assert.Equal(["2024-08-13"], written.Header("cal-api-version"));
        Assert.Equal(["Bearer " + pair.Sandbox.ApiKey], written.Header("authorization"));
        var body = JsonNode.Parse(written.BodyText)!;
        Assert.Equal("Europe/London", (string?)body["attendee"]!["timeZone"]);
        Assert.Equal("Reception", (string?)body["metadata"]!["agent"]);
        Assert.Equal((string?)body["start"], await StartOfAsync(pair, uid!));

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel booking" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Cancelled" })).ToBeVisibleAsync();
        await browser.ScreenshotAsync(picture + "4-cancelled");

        Assert.Empty(browser.Errors);
        Assert.Equal(2, browser.Requests.Count(request => request.Url.EndsWith("/calcom/v2/event-types", StringComparison.Ordinal)));
        Assert.All(browser.Requests, request => Assert.StartsWith(pair.Gateway.Address.AbsoluteUri, request.Url, StringComparison.Ordinal));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "nothing has to be scrolled sideways");
    }

    [Fact]
    public async Task A_slot_that_somebody_else_was_quicker_for_is_said_and_gone()
    {
        await using var pair = await StartAsync();
        await using var browser = await LoadedAsync(pair);
        var page = browser.Page;
        await page.GetByRole(AriaRole.Group, new() { Name = "Day" }).GetByRole(AriaRole.Radio).Nth(1).CheckAsync();
        var wanted = page.GetByRole(AriaRole.Radio, new() { Name = "11:30" });
        await wanted.CheckAsync();
        var start = await wanted.GetAttributeAsync("value");
        using (var other = await pair.SendAsync("POST", "/calcom/v2/bookings", new JsonObject
        {
            ["start"] = start,
            ["eventTypeId"] = 3928133,
            ["attendee"] = new JsonObject { ["name"] = "Grace Hopper", ["email"] = "grace@example.com", ["timeZone"] = "UTC" },
        }.ToJsonString()))
        {
            Assert.Equal(201, (int)other.StatusCode);
        }

        await page.GetByLabel("Attendee’s name").FillAsync("Ada Lovelace");
        await page.GetByLabel("Attendee’s e-mail").FillAsync("ada@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Book", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("User either already has booking at this time or is not available");
        await Assertions.Expect(wanted).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByLabel("Attendee’s name")).ToHaveValueAsync("Ada Lovelace");
    }

    [Fact]
    public async Task Names_that_are_markup_are_shown_as_they_are()
    {
        const string title = "<img src=/x onerror=alert(1)>";
        await using var pair = await StartAsync();
        using (await pair.SendAsync("POST", "/calcom/v2/event-types", new JsonObject { ["title"] = title, ["slug"] = "markup", ["lengthInMinutes"] = 20 }.ToJsonString()))
        {
            await using var browser = await LoadedAsync(pair, "Loaded 4 event type(s) from Cal.com");

            await Assertions.Expect(browser.Page.GetByLabel("Default event type").Locator("option").Last).ToHaveTextAsync($"{title} · 20 min");
            Assert.Empty(browser.Errors);
        }
    }

    internal static Task<Pair> StartAsync(string? settings = null) =>
        Pair.StartAsync(settings: settings, adjust: builder => builder.Services.AddFrontend(isServed: true));

    private async Task<BrowserPage> LoadedAsync(Pair pair, string said = Loaded)
    {
        var browser = await chromium.OpenAsync();
        await browser.GoToAsync(pair.Gateway.Address);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Load Event Types" }).ClickAsync();
        await Assertions.Expect(browser.Page.GetByRole(AriaRole.Status)).ToHaveTextAsync(said);
        return browser;
    }

    private static async Task<string?> StartOfAsync(Pair pair, string uid)
    {
        using var answer = await pair.GetAsync("/calcom/v2/bookings/" + uid);
        return (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["data"]!["start"];
    }
}
