using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis;

public sealed class RouteMissMemoryTests
{
    private static string Mispinned => GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal);

    [Fact]
    public async Task Clients_that_retry_a_wrong_version_cost_Cal_com_one_request()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Mispinned);
        using var caller = gateway.CreateClient();

        var first = await caller.GetFromJsonProblemAsync("/calcom/v2/event-types");
        for (var retry = 0; retry < 5; retry++)
        {
            var again = await caller.GetFromJsonProblemAsync("/calcom/v2/event-types");
            Assert.Equal((string?)first["detail"], (string?)again["detail"]);
            Assert.NotEqual((string?)first["traceId"], (string?)again["traceId"]);
        }

        Assert.Single(sandbox.Requests.All);
    }

    [Fact]
    public async Task After_ten_seconds_Cal_com_is_asked_again()
    {
        await using var scene = await CacheScene.OpenAsync();
        foreach (var (seconds, asked) in new[] { (0, 1), (9, 1), (1, 2) })
        {
            scene.Clock.Advance(TimeSpan.FromSeconds(seconds));
            Assert.Equal(HttpStatusCode.BadGateway, (await scene.GetAsync("/calcom/v2/event-typos")).Status);
            Assert.Equal(asked, scene.Sandbox.Requests.Count);
        }
    }

    [Fact]
    public async Task Another_method_on_the_same_path_is_another_request()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Delete, HttpMethod.Get })
        {
            using var request = new HttpRequestMessage(method, "/calcom/v2/event-typos");
            (await caller.SendAsync(request, TestContext.Current.CancellationToken)).Dispose();
        }

        Assert.Equal(["GET", "DELETE"], sandbox.Requests.All.Select(asked => asked.Method));
    }

    [Fact]
    public async Task An_edit_of_the_file_forgets_at_once()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Mispinned);
        using var caller = gateway.CreateClient();
        await caller.GetFromJsonProblemAsync("/calcom/v2/event-types");

        gateway.Edit(_ => GatewayFixture.ShippedSettings);

        await Eventually.TrueAsync(
            async () => (await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken)).IsSuccessStatusCode,
            "the mended pin serves",
            TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_missing_thing_is_asked_for_each_time_since_it_may_be_there_by_now()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        await caller.GetFromJsonProblemAsync("/calcom/v2/event-types/999999");
        await caller.GetFromJsonProblemAsync("/calcom/v2/event-types/999999");

        Assert.Equal(2, sandbox.Requests.Count);
    }
}
