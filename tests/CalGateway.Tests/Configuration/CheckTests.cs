using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>The verb <c>check</c>, as a commit hook would call it.</summary>
public sealed class CheckTests
{
    [Fact]
    public async Task The_shipped_file_passes_without_a_credential()
    {
        var (exit, output, _) = await CheckAsync(GatewayFixture.ShippedSettings, "--strict");

        Assert.Equal(0, exit);
        Assert.Contains("nothing to say against it", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_that_lets_callers_versions_stand_is_told_what_that_means()
    {
        var settings = GatewayFixture.ShippedSettings.ReplaceFirst("\"CalApiVersion\": \"2024-06-14\"", "\"CalApiVersion\": \"2024-06-14\", \"Caller\": \"Known\"");
        var (exit, output, _) = await CheckAsync(settings, "--strict");
        var (_, json, _) = await CheckAsync(settings, "--json");

        Assert.Equal(0, exit);
        Assert.Contains("note: Route \"event-types\" lets a caller's own cal-api-version stand", output, StringComparison.Ordinal);
        Assert.Contains("becomes 2024-06-14", (string?)JsonNode.Parse(json)!["notes"]!.AsArray()[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Caller\": \"Any\"")]
    [InlineData("\"Caller\": \"\"")]
    [InlineData("\"Caller\": true")]
    [InlineData("\"Callers\": \"Known\"")]
    public async Task What_is_to_become_of_a_callers_version_is_said_in_one_of_two_words(string member)
    {
        var (exit, output, _) = await CheckAsync(GatewayFixture.ShippedSettings.ReplaceFirst("\"CalApiVersion\": \"2024-06-14\"", $"\"CalApiVersion\": \"2024-06-14\", {member}"));

        Assert.Equal(1, exit);
        Assert.Contains("Caller", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_warning_passes_unless_checked_strictly()
    {
        var mistyped = GatewayFixture.ShippedSettings.Replace("2024-09-04", "2024-09-40", StringComparison.Ordinal);

        var (exit, output, _) = await CheckAsync(mistyped);
        Assert.Equal(0, exit);
        Assert.Contains("did you mean 2024-09-04?", output, StringComparison.Ordinal);

        Assert.Equal(1, (await CheckAsync(mistyped, "--strict")).Exit);
    }

    [Fact]
    public async Task An_error_shows_the_line_with_a_caret_below_the_place()
    {
        var (exit, output, _) = await CheckAsync(GatewayFixture.ShippedSettings.Replace("2024-09-04", "soon!", StringComparison.Ordinal));

        Assert.Equal(1, exit);
        var lines = output.Split('\n');
        var caret = Array.FindIndex(lines, line => line.Trim() == "^");
        Assert.Matches(@"^yarp\.json:\d+:\d+ error: ", lines[caret - 2]);
        Assert.Equal('"', lines[caret - 1][lines[caret].IndexOf('^', StringComparison.Ordinal)]);
    }

    /// <summary>A long line that matches the start of the pattern for secrets many times: searching it must not take minutes.</summary>
    [Fact]
    public async Task The_caret_stands_right_below_tabs_and_the_line_is_cut_to_a_screen()
    {
        var line = $"\t\"Padding\": \"{string.Concat(Enumerable.Repeat("Redis", 100_000))}\", \t\"Pinz\": \"Warn\"";
        var (_, output, _) = await CheckAsync(GatewayFixture.ShippedSettings.Replace("\"CalGateway\": {", $"\"CalGateway\": {{\n{line},", StringComparison.Ordinal));

        var lines = output.Split('\n');
        var told = Array.FindIndex(lines, shown => shown.Contains("did you mean \"Pins\"", StringComparison.Ordinal));
        Assert.StartsWith("\"Pinz\"", lines[told + 1][lines[told + 2].IndexOf('^', StringComparison.Ordinal)..], StringComparison.Ordinal);
        Assert.All(lines, shown => Assert.InRange(shown.Length, 0, 400));
    }

    [Theory]
    [InlineData("\"Password\": \"never-shown\"")]
    [InlineData("\"Keys\": \"cal_live_never-shown_never-shown\"")]
    [InlineData("\"Url\": \"https://me:never-shown@example.com\"")]
    [InlineData("\"Access\": { \"Consumers\": { \"a\": { \"Keys\": [{ \"Hash\": \"never-shown\" }] } } }")]
    [InlineData("\"Set\" : \"never-shown\"")]
    public async Task A_secret_in_the_file_is_not_shown_in_the_log_of_a_build(string member)
    {
        var (exit, output, _) = await CheckAsync(GatewayFixture.ShippedSettings.Replace("\"CalGateway\": {", $"\"CalGateway\": {{ {member},", StringComparison.Ordinal));

        Assert.Equal(1, exit);
        Assert.Contains("****", output, StringComparison.Ordinal);
        Assert.DoesNotContain("never-shown", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_error_is_told_at_once()
    {
        var (_, output, _) = await CheckAsync(GatewayFixture.ShippedSettings
            .Replace("\"ClusterId\": \"calcom\"", "\"ClusterId\": \"calcon\"", StringComparison.Ordinal)
            .Replace("00:01:00", "99:99:99", StringComparison.Ordinal));

        Assert.Contains("\"calcon\"", output, StringComparison.Ordinal);
        Assert.Contains("99:99:99", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Programs_get_JSON()
    {
        var (exit, output, _) = await CheckAsync(GatewayFixture.ShippedSettings.Replace("2024-09-04", "2024-09-40", StringComparison.Ordinal), "--json");

        Assert.Equal(0, exit);
        var report = JsonNode.Parse(output)!;
        Assert.True((bool)report["passed"]!);
        Assert.Equal("Warning", (string?)report["findings"]![0]!["severity"]);
        Assert.True((int)report["findings"]![0]!["line"]! > 0);
    }

    [Theory]
    [InlineData("http://0.0.0.0:5081", 1)]
    [InlineData("http://[::]:5081", 1)]
    [InlineData("http://192.0.2.7:5081", 1)]
    [InlineData("http://operators.example:5081", 1)]
    [InlineData("http://127.0.0.1:5081", 0)]
    [InlineData("http://[::1]:5081", 0)]
    [InlineData("", 0)]
    public async Task Operators_pages_that_other_machines_can_reach_do_not_pass_strictly(string url, int exit)
    {
        var inTheFile = GatewayFixture.ShippedSettings.Replace("\"CalGateway\": {", $"\"CalGateway\": {{ \"Management\": {{ \"Url\": \"{url}\" }},", StringComparison.Ordinal);
        var strict = await CheckAsync(inTheFile, "--strict");
        Assert.Equal(exit, strict.Exit);
        Assert.Equal(exit == 1, strict.Output.Contains("which other machines can reach", StringComparison.Ordinal));
        Assert.Equal(0, (await CheckAsync(inTheFile)).Exit);

        var fromTheEnvironment = await CheckAsync(GatewayFixture.ShippedSettings, ["--strict"], new() { ["CalGateway__Management__Url"] = url });
        Assert.Equal(exit, fromTheEnvironment.Exit);
    }

    [Fact]
    public async Task A_credential_that_is_set_must_be_usable()
    {
        var (exit, output, _) = await CheckAsync(GatewayFixture.ShippedSettings, [], new() { ["CALCOM_API_KEY_FILE"] = "/nowhere/key" });

        Assert.Equal(1, exit);
        Assert.Contains("CALCOM_API_KEY_FILE names /nowhere/key", output, StringComparison.Ordinal);
    }

    internal static Task<(int Exit, string Output, string Errors)> CheckAsync(string settings, params string[] options) => CheckAsync(settings, options, []);

    private static async Task<(int Exit, string Output, string Errors)> CheckAsync(string settings, string[] options, Dictionary<string, string> environment)
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "yarp.json"), settings, TestContext.Current.CancellationToken);
        await using var process = GatewayProcess.Start(["check", .. options], environment, folder.FullName);
        var exit = await process.ExitAsync();
        folder.Delete(recursive: true);
        return (exit, process.Output, process.Errors);
    }
}
