using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class BaseUrlTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task The_path_of_CALCOM_BASE_URL_is_kept(string ending)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { BasePath = "/self/api" }, TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(new Uri(sandbox.BaseAddress + ending), sandbox.ApiKey);
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync("/calcom/v2/me?a=1", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("/self/api/v2/me?a=1", Assert.Single(sandbox.Requests.All).Target);
    }

    [Fact]
    public async Task A_problem_names_Cal_coms_own_path_without_that_of_the_base_URL()
    {
        await using var pair = await Pair.StartAsync(new SandboxOptions { BasePath = "/self/api" });

        var problem = await pair.Caller.GetFromJsonProblemAsync("/calcom/v2/event-types/999999");

        Assert.Equal("resource-not-found", (string?)problem["code"]);
        Assert.Equal("/v2/event-types/999999", (string?)problem["upstream"]!["path"]);
    }

    [Theory]
    [InlineData("/calcom/%2e%2e/outside")]
    [InlineData("/calcom/%252e%252e/outside")]
    [InlineData("/calcom/v2/..%5c..%5c..%5coutside")]
    [InlineData("/calcom/v2/%2e%2e/%2e%2e/%2e%2e/outside")]
    [InlineData("/calcom/../../outside")]
    [InlineData("/calcom/..;/outside")]
    [InlineData("/calcom/v2/..%2f..%2foutside")]
    [InlineData("/calcom//outside.example/v2/me")]
    [InlineData("/calcom/@outside.example/v2/me")]
    public async Task No_path_leaves_the_base_URL(string path)
    {
        await using var pair = await Pair.StartAsync(new SandboxOptions { BasePath = "/self/api" });

        await pair.AskRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.All(pair.Sandbox.Requests.All, asked => Assert.StartsWith("/self/api/", asked.Target, StringComparison.Ordinal));
        Assert.DoesNotContain(pair.Sandbox.Requests.All, asked => asked.Target.Contains("/../", StringComparison.Ordinal));
    }
}
