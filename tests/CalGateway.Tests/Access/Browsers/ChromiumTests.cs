using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Playwright;

namespace CalGateway.Tests.Access.Browsers;

/// <summary>What a real browser lets a page read: the last word on cross-origin rules is its.</summary>
[Collection(Browsing.Name)]
public sealed class ChromiumTests(Chromium chromium)
{
    [Fact]
    public async Task Two_origins_read_a_cached_list_in_turn_and_a_third_does_not()
    {
        Uri? gatewayAddress = null;
        await using var first = await WebPage.StartAsync(() => Page(gatewayAddress!));
        await using var second = await WebPage.StartAsync(() => Page(gatewayAddress!));
        await using var third = await WebPage.StartAsync(() => Page(gatewayAddress!));
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.With(new JsonObject
        {
            ["Cors"] = new JsonObject { ["Origins"] = AccessSettings.List(first.Origin, second.Origin) },
        }));
        gatewayAddress = gateway.Address;

        foreach (var (page, read) in new[] { (first, "read 3 event types"), (second, "read 3 event types"), (third, "could not read"), (first, "read 3 event types") })
        {
            await using var browser = await chromium.OpenAsync();
            await browser.GoToAsync(page.Address);
            await Assertions.Expect(browser.Page.Locator("output")).ToHaveTextAsync(read);
        }

        Assert.Single(sandbox.Requests.All);
    }

    private static string Page(Uri gateway) => $$"""
        <!doctype html><title>a page</title><output>waiting</output>
        <script>
        const say = text => document.querySelector('output').textContent = text;
        fetch('{{gateway}}calcom/v2/event-types')
          .then(answer => answer.json())
          .then(list => say(`read ${list.data.length} event types`), () => say('could not read'));
        </script>
        """;
}
