using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

public sealed class RunningGatewayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_gateway_tells_its_health_its_revision_and_its_cache()
    {
        var management = $"http://127.0.0.1:{FreePort.Next()}";
        await using var pair = await Pair.StartAsync(environment: ManagedAt(management));
        for (var request = 0; request < 4; request++)
            (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        using var installation = InstallationOf(pair, management);

        var (exit, checks) = await installation.RunAsJsonAsync();
        var gateway = checks["Running gateway"];

        Assert.Equal(0, exit);
        Assert.Equal("good", (string?)gateway["verdict"]);
        Assert.Contains("which is this file's", (string?)gateway["finding"], StringComparison.Ordinal);
        Assert.Equal("health: live, ready", (string?)gateway["details"]![0]);
        Assert.StartsWith("cache: 1 answers, ", (string?)gateway["details"]![1], StringComparison.Ordinal);
        Assert.Equal("cache policy event-types: 4 requests, 75 % from the cache", (string?)gateway["details"]![2]);
    }

    [Fact]
    public async Task A_running_gateway_with_another_revision_is_told_apart()
    {
        var management = $"http://127.0.0.1:{FreePort.Next()}";
        await using var pair = await Pair.StartAsync(environment: ManagedAt(management));
        using var installation = InstallationOf(pair, management, GatewayFixture.ShippedSettings.Replace("00:01:00", "00:02:00", StringComparison.Ordinal));

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Equal("doubtful", (string?)checks["Running gateway"]["verdict"]);
        Assert.Contains("It runs, but serves revision", (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"2024-09-04\"", "with 1 warning.")]
    [InlineData("\"2024-0", "warnings.")]
    public async Task A_running_gateway_tells_how_much_it_warns_of(string pins, string told)
    {
        var management = $"http://127.0.0.1:{FreePort.Next()}";
        var settings = GatewayFixture.ShippedSettings.Replace($"\"CalApiVersion\": {pins}", $"\"CalApiVersion\": {pins.Replace("2024", "2021", StringComparison.Ordinal)}", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: settings, environment: ManagedAt(management));
        using var installation = InstallationOf(pair, management, settings);

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.EndsWith(told, (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_that_has_refused_the_last_edit_is_told_with_the_reason()
    {
        var management = $"http://127.0.0.1:{FreePort.Next()}";
        await using var pair = await Pair.StartAsync(environment: ManagedAt(management));
        pair.Gateway.Edit(text => text.Replace("\"OutputCachePolicy\": \"event-types\"", "\"OutputCachePolcy\": \"event-types\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (string?)(await pair.Gateway.StatusAsync())["state"] == "warning", "the edit is refused");
        using var installation = InstallationOf(pair, management, File.ReadAllText(pair.Gateway.SettingsPath));
        using var sound = InstallationOf(pair, management, GatewayFixture.ShippedSettings.Replace("00:01:00", "00:02:00", StringComparison.Ordinal));

        var (exit, checks) = await installation.RunAsJsonAsync();
        var (_, others) = await sound.RunAsJsonAsync();

        Assert.Equal(1, exit);
        Assert.Contains("OutputCachePolcy", (string?)checks["Configuration"]["remedy"], StringComparison.Ordinal);
        Assert.Contains("the last settings that were good", (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
        Assert.Contains("It refused the last edit: yarp.json:", (string?)others["Running gateway"]["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_listens_where_the_gateway_should_and_is_none_is_told_as_such()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox.BaseAddress, sandbox.ApiKey, url: sandbox.BaseAddress.AbsoluteUri);

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(0, exit);
        Assert.Contains("is no CalGateway", (string?)checks["Running gateway"]["finding"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1;http://127.0.0.1:2", "http://127.0.0.1:1")]
    [InlineData("http://*:9", "http://localhost:9")]
    [InlineData("https://+:1;http://0.0.0.0:9", "http://localhost:9")]
    public async Task Where_no_gateway_runs_it_says_where_it_looked(string urls, string looked)
    {
        using var installation = new Installation(new Uri("http://127.0.0.1:9"), "cal_live_x", url: urls);

        var (_, checks) = await installation.RunAsJsonAsync();

        Assert.Equal($"None runs at {looked}.", (string?)checks["Running gateway"]["finding"]);
    }

    private static Dictionary<string, string?> ManagedAt(string url) => new() { ["CalGateway__Management__Url"] = url };

    private static Installation InstallationOf(Pair pair, string management, string? settings = null) => new(
        pair.Sandbox.BaseAddress, pair.Sandbox.ApiKey, settings, management, pair.Gateway.Address.AbsoluteUri);
}
