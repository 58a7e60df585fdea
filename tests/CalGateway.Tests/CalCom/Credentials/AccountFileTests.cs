using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Credentials;

/// <summary>The key file of another account, when the settings name another file or the same one again.</summary>
public sealed class AccountFileTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-account-");
    private SandboxHost _sandbox = null!;
    private GatewayFixture _gateway = null!;

    private string First => Path.Combine(_folder.FullName, "first");

    private string Second => Path.Combine(_folder.FullName, "second");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(First, "cal_test_in_the_first", Cancellation);
        await File.WriteAllTextAsync(Second, "cal_test_in_the_second", Cancellation);
        _sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        _gateway = await GatewayFixture.StartAsync(_sandbox, settings: Settings(First));
        Assert.Equal("Bearer cal_test_in_the_first", await AskAsync());
    }

    [Fact]
    public async Task A_file_that_no_setting_names_any_more_may_be_deleted()
    {
        await NameAsync(Second);

        File.Delete(First);

        foreach (var key in new[] { "cal_test_rotated", "cal_test_rotated_again" }) // each takes the watcher longer than it would take to miss the other file
        {
            await File.WriteAllTextAsync(Second, key, Cancellation);
            await Eventually.TrueAsync(async () => await AskAsync() == "Bearer " + key, "the key in the second file is in use");
        }

        Assert.DoesNotContain(_gateway.Logs.Lines, line => line.Text.Contains("was not replaced", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_is_named_again_after_it_was_deleted_is_refused()
    {
        await NameAsync(Second);
        File.Delete(First);

        _gateway.Edit(_ => Settings(First));

        await Eventually.TrueAsync(() => _gateway.Logs.Lines.Any(line => line.Text.Contains("was refused", StringComparison.Ordinal)), "the edit is refused");
        Assert.Equal("Bearer cal_test_in_the_second", await AskAsync());
    }

    [Fact]
    public async Task A_file_that_only_a_refused_edit_has_named_is_refused_once_it_is_deleted()
    {
        _gateway.Edit(_ => Faulty(Second));
        await Eventually.TrueAsync(() => Refusals() == 1, "the edit is refused for its other fault");
        File.Delete(Second);

        _gateway.Edit(_ => Settings(Second));

        await Eventually.TrueAsync(() => Refusals() == 2, "the edit is refused for its file");
        Assert.Equal("Bearer cal_test_in_the_first", await AskAsync());

        int Refusals() => _gateway.Logs.Lines.Count(line => line.Text.Contains("was refused", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_a_file_is_missing_its_last_key_stays_in_use_whatever_else_is_edited()
    {
        File.Delete(First);

        await NameAsync(First, access => access["MaxBodyBytes"] = 1_000_000);

        Assert.Equal("Bearer cal_test_in_the_first", await AskAsync());
        await File.WriteAllTextAsync(First, "cal_test_back", Cancellation);
        await Eventually.TrueAsync(async () => await AskAsync() == "Bearer cal_test_back", "the file is still watched");
    }

    [Fact]
    public async Task A_refused_edit_that_names_another_file_leaves_the_one_in_force_watched()
    {
        _gateway.Edit(_ => Faulty(Second));
        await Eventually.TrueAsync(() => _gateway.Logs.Lines.Any(line => line.Text.Contains("was refused", StringComparison.Ordinal)), "the edit is refused");

        await File.WriteAllTextAsync(First, "cal_test_rotated", Cancellation);

        await Eventually.TrueAsync(async () => await AskAsync() == "Bearer cal_test_rotated", "the file in force is still watched");
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    /// <summary>Two consumers have the account, so that it is read once for both.</summary>
    private static string Settings(string file, Action<JsonObject>? adjust = null) => AccessSettings.ApiKey(
        consumer => consumer["Credential"] = "acme",
        access =>
        {
            access["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["File"] = file } };
            access["Consumers"]!["another"] = AccessSettings.Consumer(AccessSettings.OtherKey);
            access["Consumers"]!["another"]!["Credential"] = "acme";
            adjust?.Invoke(access);
        });

    /// <summary>It is refused for a pin, after the accounts have been read.</summary>
    private static string Faulty(string file) => Settings(file)
        .Replace("\"CalGateway\":{", "\"CalGateway\":{\"Pins\":\"Enforce\",", StringComparison.Ordinal)
        .Replace("2024-09-04", "2024-09-40", StringComparison.Ordinal);

    private async Task NameAsync(string file, Action<JsonObject>? adjust = null)
    {
        var before = await RevisionAsync();
        _gateway.Edit(_ => Settings(file, adjust));
        await Eventually.TrueAsync(async () => await RevisionAsync() != before, "the edit is in force");
    }

    private async Task<string?> RevisionAsync() => (string?)(await _gateway.StatusAsync())["revision"];

    /// <summary>The credential that Cal.com gets.</summary>
    private async Task<string> AskAsync()
    {
        using var caller = _gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        (await caller.GetAsync("/calcom/v2/me", Cancellation)).Dispose();
        return _sandbox.Requests.All[^1].Header("Authorization").Single();
    }
}
