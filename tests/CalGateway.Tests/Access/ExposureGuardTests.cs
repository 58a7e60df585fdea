using CalGateway.Access;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Access;

public sealed class ExposureGuardTests
{
    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://*:5080")]
    [InlineData("http://+:5080")]
    [InlineData("http://[::]:5080")]
    [InlineData("http://192.0.2.7:5080")]
    [InlineData("http://gateway.example:5080")]
    [InlineData("http://localhost.example:5080")]
    [InlineData("http://.localhost:5080")]
    [InlineData("http://xlocalhost:5080")]
    [InlineData("http://[::ffff:192.0.2.7]:5080")]
    public void Other_machines_can_reach(string address) => Assert.False(ExposureGuard.IsLoopback(address));

    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://LOCALHOST:5080")]
    [InlineData("http://cal.localhost:5080")]
    [InlineData("https://dev.Cal.LOCALHOST:5443")]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://127.5.5.5:5080")]
    [InlineData("https://[::1]:5443")]
    [InlineData("http://[::ffff:127.0.0.1]:5080")]
    [InlineData("http://unix:/run/calgateway.sock")]
    public void Only_this_machine_can_reach(string address) => Assert.True(ExposureGuard.IsLoopback(address));

    [Theory]
    [InlineData("http://0.0.0.0:5080")]
    [InlineData("http://localhost:5080;http://*:5090")]
    public async Task An_address_that_others_can_reach_is_refused_at_start_with_the_ways_out(string urls)
    {
        await using var gateway = GatewayProcess.Start(["--sandbox", "--urls", urls]);

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Contains("CalGateway:Access:Mode", gateway.Errors, StringComparison.Ordinal);
        Assert.Contains("--urls http://localhost:5080", gateway.Errors, StringComparison.Ordinal);
        Assert.Contains("ApiKey", gateway.Errors, StringComparison.Ordinal);
        Assert.Contains(urls.Split(';')[^1], gateway.Errors, StringComparison.Ordinal);
        Assert.Empty(gateway.Output);
    }

    [Fact]
    public async Task Endpoints_in_Kestrels_own_settings_count_as_well()
    {
        await using var gateway = GatewayProcess.Start(
            ["--sandbox"], new Dictionary<string, string> { ["Kestrel__Endpoints__Public__Url"] = "http://0.0.0.0:0" });

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Contains("http://0.0.0.0:0", gateway.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_edit_cannot_take_the_callers_names_away_from_a_public_address()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey(), urls: "http://0.0.0.0:0");
        using var caller = gateway.CreateClient();

        gateway.Edit(_ => GatewayFixture.ShippedSettings);
        await Eventually.TrueAsync(
            () => gateway.Logs.Lines.Any(line => line.Text.Contains("Access:Mode is Loopback", StringComparison.Ordinal)), "the edit is refused");

        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        Assert.Equal("unauthenticated", (string?)(await answer.ReadProblemAsync())["code"]);
        Assert.Empty(sandbox.Requests.All);
    }
}
