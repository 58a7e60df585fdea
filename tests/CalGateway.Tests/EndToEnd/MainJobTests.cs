using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.EndToEnd;

/// <summary>What the gateway is for, as its owner would try it first.</summary>
public sealed class MainJobTests
{
    [Fact]
    public async Task The_three_event_types_are_listed_and_the_second_time_from_the_cache()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        var first = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        var second = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);

        var list = await second.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);
        Assert.Equal(["15 Min Meeting", "30 Min Video Call", "Secret Meeting"], list!["data"]!.AsArray().Select(item => (string)item!["title"]!).Order());
        Assert.Equal("CalGateway; fwd=uri-miss; stored", first.Headers.GetValues("Cache-Status").Single());
        Assert.StartsWith("CalGateway; hit; ttl=", second.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.Single(sandbox.Requests.All);
    }

    [Fact]
    public async Task A_wrong_pin_is_diagnosed_and_mended_by_an_edit_of_the_file()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(caller));

        gateway.Edit(text => text.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await StatusAsync(caller) == HttpStatusCode.BadGateway, "the wrong pin is in force", TimeSpan.FromSeconds(2));
        var problem = await caller.GetFromJsonProblemAsync("/calcom/v2/event-types");
        Assert.Equal("api-version-mismatch", (string?)problem["code"]);
        Assert.Equal("2024-06-14", (string?)problem["suggestedVersion"]);
        Assert.Contains("ReverseProxy:Routes:event-types:Transforms", (string?)problem["remedy"], StringComparison.Ordinal);

        gateway.Edit(text => text.Replace("2024-08-13", "2024-06-14", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await StatusAsync(caller) == HttpStatusCode.OK, "the mended pin is in force", TimeSpan.FromSeconds(2));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
