using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Configuration;

/// <summary>However the file is written, a good edit is in force within two seconds and a bad one changes nothing.</summary>
public sealed class ReloadTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    private const string Mistyped = "Cal.com does not know this version and will silently answer as 2024-04-15; did you mean 2024-06-14?";

    private static string Mispinned => GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-06-11", StringComparison.Ordinal);

    public static TheoryData<string> WaysOfWriting => ["in place", "in two halves", "renamed over", "deleted and made again", "swapped symlink", "swapped folder"];

    [Theory]
    [MemberData(nameof(WaysOfWriting))]
    public async Task A_good_edit_is_in_force_within_two_seconds(string way)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        Assert.Equal("2024-06-14", await SentVersionAsync(caller));

        await SettingsWriter.WriteAsync(gateway.SettingsPath, Mispinned, way, () => AssertServing(caller));

        await Eventually.TrueAsync(async () => await SentVersionAsync(caller) == "2024-06-11", $"the edit, {way}, is in force", Promised);
    }

    [Theory]
    [InlineData("\"2024-06-14\"", "\"2024-06-11\"", true)]
    [InlineData("\"00:00:30\" }", "\"00:00:31\" }", true)]
    [InlineData("\"HttpRequest\": {", "\"HttpClient\": { \"MaxConnectionsPerServer\": 7 }, \"HttpRequest\": {", false)]
    public async Task A_connection_to_Cal_com_outlives_an_edit_that_is_not_about_connections(string old, string young, bool kept)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);
        var before = await RevisionAsync(caller);

        gateway.Edit(text => text.Replace(old, young, StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => await RevisionAsync(caller) != before, "the edit is in force", Promised);
        await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);

        var asked = sandbox.Requests.For("GET", "/v2/me");
        Assert.Equal(kept, asked[0].Connection == asked[^1].Connection);
    }

    [Fact]
    public async Task An_edit_of_what_is_read_at_start_is_told_as_one_that_waits_for_the_next_start()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        gateway.Edit(text => text.Replace("\"Cache\": {", "\"Cache\": { \"Redis\": \"127.0.0.1:9\",", StringComparison.Ordinal));

        const string Told = "CalGateway:Cache:Redis [redacted] added (from the next start on)";
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains(Told, StringComparison.Ordinal)), "the log says so", Promised);
        Assert.Contains(Told, (await gateway.StatusAsync())["history"]!.ToJsonString(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string> BadContents => new()
    {
        { "empty", "" },
        { "half-written", GatewayFixture.ShippedSettings[..900] },
        { "no routes", """{ "ReverseProxy": { "Routes": {}, "Clusters": {} } }""" },
        { "unknown transform", GatewayFixture.ShippedSettings.Replace("CalApiVersion", "CalApiVersoin", StringComparison.Ordinal) },
        { "unknown cluster", GatewayFixture.ShippedSettings.Replace("\"ClusterId\": \"calcom\"", "\"ClusterId\": \"calcon\"", StringComparison.Ordinal) },
        { "bad duration", GatewayFixture.ShippedSettings.Replace("00:01:00", "1 minute", StringComparison.Ordinal) },
        { "not UTF-8", "{ \"a\": \"\uD800\" }" },
    };

    [Theory]
    [MemberData(nameof(BadContents))]
    public async Task A_bad_edit_is_refused_and_told_everywhere(string kind, string content)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        var before = await RevisionAsync(caller);

        await File.WriteAllBytesAsync(
            gateway.SettingsPath, System.Text.Encoding.Latin1.GetBytes(content), TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["state"] == "warning", $"the {kind} edit is refused", Promised);
        Assert.Equal(before, await RevisionAsync(caller));
        Assert.NotEmpty((await gateway.StatusAsync())["lastEditRefused"]!.AsArray());
        Assert.Contains(gateway.Logs.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("was refused", StringComparison.Ordinal));

        gateway.Edit(_ => GatewayFixture.ShippedSettings);
        await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["state"] == "ok", "the restored file is accepted", Promised);
    }

    [Fact]
    public async Task A_missing_file_changes_nothing_and_its_return_is_noticed()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        File.Delete(gateway.SettingsPath);
        await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["state"] == "warning", "the loss is noticed", Promised);
        Assert.Equal("2024-06-14", await SentVersionAsync(caller));

        await File.WriteAllTextAsync(gateway.SettingsPath, Mispinned, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => await SentVersionAsync(caller) == "2024-06-11", "the new file is in force", Promised);
    }

    [Fact]
    public async Task A_file_that_returns_unchanged_is_said_to_be_as_before()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        var revision = await RevisionAsync(caller);

        File.Delete(gateway.SettingsPath);
        await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["state"] == "warning", "the loss is noticed", Promised);
        await File.WriteAllTextAsync(gateway.SettingsPath, GatewayFixture.ShippedSettings, TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["state"] == "ok", "the return is noticed", Promised);
        await Eventually.TrueAsync(
            () => gateway.Logs.Lines.Any(line => line.Text.Contains($"yarp.json is as before again, revision {revision} stays in force", StringComparison.Ordinal)), "it is logged");
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("was edited", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Other_bytes_with_the_same_settings_are_no_reload()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        var before = await RevisionAsync(caller);

        gateway.Edit(text => "// the night shift was here\n" + text);
        File.SetLastWriteTimeUtc(gateway.SettingsPath, DateTime.UnixEpoch);
        gateway.Edit(text => text.Replace("\"CalApiVersion\": \"2024-09-04\"", "\"CalApiVersion\":   \"2024-09-04\"", StringComparison.Ordinal));

        // The wait is for the next real edit. If the earlier edits had caused reloads, there would be more than this one since the start.
        gateway.Edit(_ => Mispinned);
        await Eventually.TrueAsync(async () => await RevisionAsync(caller) != before, "the real edit is in force", Promised);
        await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["history"]!.AsArray().Count > 1, "the edit is in the history");
        Assert.Equal(2, (await gateway.StatusAsync())["history"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_history_says_what_an_edit_changed()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);

        gateway.Edit(text => text.Replace("\"CalApiVersion\": \"2024-09-04\"", "\"CalApiVersion\": \"2024-08-13\"", StringComparison.Ordinal));

        await Eventually.TrueAsync(
            async () => (await gateway.StatusAsync())["history"]![0]!["changes"]!.AsArray()
                .Any(change => (string?)change == "slots: CalApiVersion 2024-09-04 → 2024-08-13"),
            "the change is told",
            Promised);
    }

    [Fact]
    public async Task A_mistyped_pin_is_in_force_with_a_loud_warning()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        gateway.Edit(text => text.Replace("2024-06-14", "2024-06-41", StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => await SentVersionAsync(caller) == "2024-06-41", "the mistyped pin is in force", Promised);
        await Eventually.TrueAsync(
            async () => (await gateway.StatusAsync())["warnings"]!.AsArray().Any(warning => ((string)warning!).Contains(Mistyped, StringComparison.Ordinal)), "the status warns");
        await Eventually.TrueAsync(
            () => gateway.Logs.Lines.Any(line => line.Level == LogLevel.Warning && line.Text.Contains(Mistyped, StringComparison.Ordinal)), "it is logged");
    }

    [Fact]
    public async Task Under_Enforce_a_mistyped_pin_is_refused_in_the_same_words()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, settings: GatewayFixture.ShippedSettings.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Pins\": \"Enforce\",", StringComparison.Ordinal));
        using var caller = gateway.CreateClient();

        gateway.Edit(text => text.Replace("2024-06-14", "2024-06-41", StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["state"] == "warning", "the edit is refused", Promised);
        Assert.Contains(
            (await gateway.StatusAsync())["lastEditRefused"]!.AsArray(), reason => ((string)reason!).Contains(Mistyped, StringComparison.Ordinal));
        Assert.Equal("2024-06-14", await SentVersionAsync(caller));
    }

    [Fact]
    public async Task A_hundred_edits_a_second_end_in_the_last_content()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        using (var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            for (var edit = 0; edit < 300; edit++)
            {
                gateway.Edit(_ => GatewayFixture.ShippedSettings.Replace("00:01:00", $"00:{edit % 50 + 1:00}:00", StringComparison.Ordinal));
                await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }
        }

        gateway.Edit(_ => Mispinned);
        await Eventually.TrueAsync(async () => await SentVersionAsync(caller) == "2024-06-11", "the last edit is in force", Promised);

        // Four looks a second for three seconds and a little: far fewer reloads than edits.
        Assert.InRange((await gateway.StatusAsync())["history"]!.AsArray().Count, 2, 40);
    }

    private static async Task AssertServing(HttpClient caller) => Assert.NotNull(await SentVersionAsync(caller));

    /// <summary>The API version of a forwarded request. It asks for a single event type, which is never cached.</summary>
    private static async Task<string?> SentVersionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return answer.Headers.GetValues("CalGateway-Api-Version").Single();
    }

    private static async Task<string> RevisionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
        return answer.Headers.GetValues("CalGateway-Revision").Single();
    }
}
