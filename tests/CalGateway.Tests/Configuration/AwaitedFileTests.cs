using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// An edit that names a file which comes a moment later, as secrets do in Kubernetes: refused until then, once, and in force as soon as it is there.
/// </summary>
public sealed class AwaitedFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-awaited-");
    private readonly TestIssuer _issuer = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("\"cal_in_quotes\"")]
    public async Task The_key_of_another_account(string? atFirst)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());
        var file = Path.Combine(_folder.FullName, "key");
        if (atFirst is not null)
            await File.WriteAllTextAsync(file, atFirst, Cancellation);

        gateway.Edit(_ => AccessSettings.ApiKey(
            consumer => consumer["Credential"] = "acme",
            access => access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["File"] = file } }));
        await RefusedAsync(gateway);
        await File.WriteAllTextAsync(file, "cal_test_of_acme", Cancellation);

        await InForceAsync(gateway);
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        (await caller.GetAsync("/calcom/v2/me", Cancellation)).Dispose();
        Assert.Equal("Bearer cal_test_of_acme", Assert.Single(sandbox.Requests.All).Header("Authorization").Single());
    }

    [Fact]
    public async Task The_key_set_of_an_issuer()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());
        var section = _issuer.Section;
        var keys = (string)section["KeysFile"]!;
        var file = Path.Combine(_folder.FullName, "keys.json");
        section["KeysFile"] = file;

        gateway.Edit(_ => AccessSettings.With(new JsonObject { ["Mode"] = "Jwt", ["Jwt"] = section }));
        await RefusedAsync(gateway);
        File.Copy(keys, file);

        await InForceAsync(gateway);
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("Authorization", "Bearer " + _issuer.TokenOf("somebody"));
        using var answer = await caller.GetAsync("/calcom/v2/me", Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("two words")]
    public async Task The_token_of_the_operators(string? atFirst)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());
        var file = Path.Combine(_folder.FullName, "token");
        if (atFirst is not null)
            await File.WriteAllTextAsync(file, atFirst, Cancellation);

        gateway.Edit(text =>
        {
            var settings = JsonNode.Parse(text)!;
            settings["CalGateway"]!["Management"] = new JsonObject { ["Token"] = file };
            return settings.ToJsonString();
        });
        await RefusedAsync(gateway);
        await File.WriteAllTextAsync(file, "a-token-that-is-long-enough-4711", Cancellation);

        await InForceAsync(gateway);
    }

    [Fact]
    public async Task A_good_edit_does_not_wait_for_the_file_of_a_former_one_and_that_is_not_put_in_force_when_it_comes()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: AccessSettings.ApiKey());
        var file = Path.Combine(_folder.FullName, "key");
        gateway.Edit(_ => AccessSettings.ApiKey(
            consumer => consumer["Credential"] = "acme",
            access => access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["File"] = file } }));
        await RefusedAsync(gateway);

        gateway.Edit(_ => AccessSettings.ApiKey(consumer => consumer["RateLimit"] = new JsonObject { ["Requests"] = 1000 }));
        await InForceAsync(gateway);
        await File.WriteAllTextAsync(file, "cal_test_of_acme", Cancellation);
        gateway.Edit(text => text.Replace("1000", "1001", StringComparison.Ordinal));

        await Eventually.TrueAsync(
            async () => HistoryOf(await gateway.StatusAsync()).SequenceEqual(["started", "refused", "accepted", "accepted"]), "the next edit is in force, and nothing else was");
    }

    public void Dispose()
    {
        _issuer.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task RefusedAsync(GatewayFixture gateway)
    {
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["lastEditRefused"] is not null, "the edit is refused");

        // It is looked for meanwhile, and what is said of it once is not said again.
        var looks = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.Equal(["started", "refused"], HistoryOf(await gateway.StatusAsync()));
                return ++looks == 100;
            },
            "it stays so", TimeSpan.FromSeconds(30));
        Assert.Single(gateway.Logs.Lines, line => line.Text.Contains("was refused", StringComparison.Ordinal));
    }

    private static async Task InForceAsync(GatewayFixture gateway)
    {
        var status = await gateway.StatusAsync();
        await Eventually.TrueAsync(async () => (status = await gateway.StatusAsync())["lastEditRefused"] is null, "the edit is in force");
        Assert.Equal(["started", "refused", "accepted"], HistoryOf(status));
    }

    /// <summary>The oldest first.</summary>
    private static IEnumerable<string> HistoryOf(JsonNode status) =>
        status["history"]!.AsArray().Reverse().Select((edit, index) => index == 0 ? "started" : (bool)edit!["accepted"]! ? "accepted" : "refused");
}
