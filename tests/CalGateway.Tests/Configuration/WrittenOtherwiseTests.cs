using CalGateway.Configuration;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>Edits that write the same settings differently, and edits that have no effect.</summary>
public sealed class WrittenOtherwiseTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Comment_lines_added_above_a_pin_move_the_line_that_is_told_and_are_no_reload()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: GatewayFixture.ShippedSettings.Replace("2024-09-04", "2024-09-40", StringComparison.Ordinal));
        var before = await LinesAsync(gateway);
        Assert.Equal($"yarp.json:{before.Pin}", before.PinnedAt);
        var revision = (string?)(await gateway.StatusAsync())["revision"];

        gateway.Edit(text => "// the night shift\n// was here\n// again\n" + text);

        await Eventually.TrueAsync(async () => (await LinesAsync(gateway)).PinnedAt == $"yarp.json:{before.Pin + 3}", "the pin's line is told anew", Promised);
        Assert.Contains((await gateway.StatusAsync())["warnings"]!.AsArray(), warning => ((string)warning!).StartsWith($"yarp.json:{before.Pin + 3}:", StringComparison.Ordinal));
        Assert.Contains(
            (await gateway.AskManagementAsync("/config"))["settings"]!.AsArray(),
            setting => (string?)setting!["value"] == "2024-09-40" && (string?)setting["source"] == $"yarp.json:{before.Pin + 3}");
        Assert.Equal(revision, (string?)(await gateway.StatusAsync())["revision"]);
        Assert.Single((await gateway.StatusAsync())["history"]!.AsArray());
    }

    [Theory]
    [InlineData("\"CalApiVersion\": \"2024-06-14\"", "\"calApiVersion\": \"2024-06-14\"")]
    [InlineData("\"CalApiVersion\": \"2024-06-14\"", "\"CALAPIVERSION\": \"2024-06-14\", \"unverified\": \"True\"")]
    [InlineData("\"CalApiKeyQuery\"", "\"calapikeyquery\"")]
    [InlineData("{ \"PathRemovePrefix\": \"/calcom\" }", "{ \"pathRemovePrefix\": \"/calcom\" }, { \"calNotFound\": \"routeMiss\" }")]
    [InlineData("\"ReverseProxy\"", "\"reverseproxy\"")]
    [InlineData("\"OutputCachePolicy\": \"event-types\"", "\"outputCachePolicy\": \"Event-Types\"")]
    public async Task Names_are_taken_in_any_case(string old, string young)
    {
        var settings = GatewayFixture.ShippedSettings.Replace(old, young, StringComparison.Ordinal);
        Assert.Empty(Examine(settings));

        await using var pair = await Pair.StartAsync(settings: settings);
        using var answer = await pair.GetAsync("/calcom/v2/event-types");
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal("2024-06-14", answer.Headers.GetValues("CalGateway-Api-Version").Single());
        Assert.True(answer.Headers.Contains("Cache-Status"));
    }

    [Fact]
    public async Task Names_are_taken_in_any_case_from_the_environment()
    {
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?>
        {
            ["REVERSEPROXY__ROUTES__EVENT-TYPES__TRANSFORMS__1__CALAPIVERSION"] = "2024-06-11",
            ["ReverseProxy__Routes__slots__Transforms__1__calApiVersion"] = "2024-08-13",
            ["ReverseProxy__Routes__slots__Transforms__1__unverified"] = "true",
        });

        using var answer = await pair.GetAsync("/calcom/v2/event-types/3928133");
        Assert.Equal("2024-06-11", answer.Headers.GetValues("CalGateway-Api-Version").Single());
    }

    [Fact]
    public void A_key_that_has_expired_is_warned_of()
    {
        var warning = Assert.Single(Examine(Expiring("2020-01-31T00:00:00Z")));

        Assert.Equal(Severity.Warning, warning.Severity);
        Assert.Contains("A key of consumer \"website\" opens nothing any more: it expired at 2020-01-31", warning.Message, StringComparison.Ordinal);
        Assert.Empty(Examine(Expiring("2999-01-31T00:00:00Z")));
    }

    [Theory]
    [InlineData("2027-02-30T00:00:00Z")]
    [InlineData("2027-02-30")]
    [InlineData("2027-13-01T00:00:00Z")]
    [InlineData("2027-01-01T25:00:00Z")]
    [InlineData("0000-01-01T00:00:00Z")]
    [InlineData("2027-01-01T00:00:00+15:00")]
    public void A_day_that_is_none_is_one_error(string day)
    {
        var error = Assert.Single(Examine(Expiring(day)));

        Assert.Equal(Severity.Error, error.Severity);
        Assert.Contains("\"Expires\" must be a time as 2027-01-31T00:00:00Z", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v2")]
    [InlineData("/v2/")]
    public async Task An_address_of_Cal_com_that_ends_with_what_paths_begin_with_is_warned_of_and_named_in_the_problem(string end)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        var environment = new Dictionary<string, string>
        {
            ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri.TrimEnd('/') + end, ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
        };

        await using var check = GatewayProcess.Start(["check"], environment);
        Assert.Equal(0, await check.ExitAsync());
        Assert.Contains("ends with /v2, which callers' paths begin with as well", check.Output, StringComparison.Ordinal);
        Assert.Contains("CALCOM_BASE_URL", check.Output, StringComparison.Ordinal);

        await using var gateway = GatewayProcess.Start(["run", "--urls", "http://127.0.0.1:0"], environment);
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };
        Assert.Matches(@"warning +yarp\.json warning: The address of Cal\.com", gateway.Output);
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        var problem = await answer.ReadProblemAsync();
        Assert.Contains("Take /v2 off CALCOM_BASE_URL", (string?)problem["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public void Routes_that_take_the_version_off_the_path_want_it_in_the_address()
    {
        var settings = GatewayFixture.ShippedSettings
            .Replace("https://api.cal.com", "https://api.cal.com/v2", StringComparison.Ordinal)
            .Replace("\"PathRemovePrefix\": \"/calcom\"", "\"PathRemovePrefix\": \"/calcom/v2\"", StringComparison.Ordinal);

        Assert.DoesNotContain(Examine(settings), finding => finding.Message.Contains("ends with /v2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"cal_test_abcdef\"", "stands in quotes")]
    [InlineData("'cal_test_abcdef'", "stands in quotes")]
    [InlineData("\"cal_test_abcdef", "stands in quotes")]
    [InlineData("CALCOM_API_KEY=cal_test_abcdef", "begins with a name and an equals sign")]
    [InlineData("key=cal_test_abcdef", "begins with a name and an equals sign")]
    [InlineData("<cal_test_abcdef>", "is a placeholder, a template or JSON")]
    [InlineData("${CAL_KEY}", "is a placeholder, a template or JSON")]
    [InlineData("{\"key\":\"cal_test_abcdef\"}", "is a placeholder, a template or JSON")]
    [InlineData("export CALCOM_API_KEY=cal_test_abcdef", "begins with a name and an equals sign")]
    [InlineData("CALCOM_API_KEY = cal_test_abcdef\n", "begins with a name and an equals sign")]
    [InlineData("Bearer cal_test_abcdef", "or with Bearer")]
    public async Task A_key_in_what_belongs_around_it_is_refused_in_one_sentence(string key, string reason)
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        var file = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(file, key, TestContext.Current.CancellationToken);

        foreach (var (name, value) in new[] { ("CALCOM_API_KEY", key), ("CALCOM_API_KEY_FILE", file) })
        {
            await using var check = GatewayProcess.Start(["check"], new Dictionary<string, string> { [name] = value });
            Assert.Equal(1, await check.ExitAsync());
            Assert.Contains(reason, Assert.Single(check.Output.Split('\n'), line => line.Contains(" error: ", StringComparison.Ordinal)), StringComparison.Ordinal);
            Assert.DoesNotContain("abcdef", check.Output, StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    private static string Expiring(string moment) => AccessSettings.ApiKey(consumer => consumer["Keys"]![0]!["Expires"] = moment);

    private static IReadOnlyList<Finding> Examine(string settings) =>
        TestRevision.From(settings).Findings;

    private static async Task<(string? PinnedAt, int Pin)> LinesAsync(GatewayFixture gateway)
    {
        var line = GatewayFixture.ShippedSettings[..GatewayFixture.ShippedSettings.IndexOf("2024-09-04", StringComparison.Ordinal)].Count(character => character == '\n') + 1;
        return ((string?)(await gateway.AskManagementAsync("/explain?method=GET&path=/calcom/v2/slots"))["pinnedAt"], line);
    }
}
