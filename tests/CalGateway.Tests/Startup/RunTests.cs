using System.Net;
using System.Text.RegularExpressions;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>The executable as an operator starts, watches and stops it.</summary>
public sealed class RunTests : IDisposable
{
    private const string Key = "cal_test_the_operators_real_key";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-run-");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_sandbox_serves_says_what_it_is_and_shows_each_request_as_a_trace()
    {
        var settings = Path.Combine(_folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(settings, GatewayFixture.ShippedSettings.Replace("2024-06-11", "2024-08-13", StringComparison.Ordinal), Cancellation);
        await using var gateway = Start(["--sandbox", "--config", settings], new() { ["CALCOM_API_KEY"] = Key, ["CALCOM_BASE_URL"] = "http://127.0.0.1:1" });
        using var caller = await CallerAsync(gateway);

        using var list = await caller.GetAsync("/calcom/v2/event-types?username=owner", Cancellation);
        using var mismatch = await caller.GetAsync("/calcom/v2/schedules", Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadGateway), (list.StatusCode, mismatch.StatusCode));
        Assert.Contains("SANDBOX", gateway.Output, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => Trace(gateway, list) is not null && Trace(gateway, mismatch) is not null, "both traces are printed");
        Assert.Matches(@"^trace \w{32}\n  server: GET /calcom/v2/event-types 200  [^\n]*calcom\.api_version=2024-06-14[^\n]*\n    \w+: proxy\.forwarder[^\n]*\n      client: GET http://127\.0\.0\.1:\d+/v2/event-types\S* 200", Trace(gateway, list));
        Assert.Matches(@"^trace \w{32}\n  server: GET /calcom/v2/schedules 502  [^\n]*calcom\.api_version=2024-08-13[^\n]*calgateway\.problem\.code=api-version-mismatch", Trace(gateway, mismatch));
        Assert.Contains($"trace={IdOf(mismatch)}", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("username=owner", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, gateway.Output + gateway.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("cal_test_sandbox", gateway.Output + gateway.Errors, StringComparison.Ordinal);

        gateway.Terminate();
        Assert.Equal(0, await gateway.ExitAsync());
        Assert.Empty(gateway.Errors);
    }

    [Fact]
    public async Task A_path_with_line_breaks_and_escapes_forges_no_line_of_the_console()
    {
        await using var gateway = Start(["--sandbox"], []);
        using var caller = await CallerAsync(gateway);

        using var stray = await caller.GetAsync("/zzz%0a2026-11-26T13:00:00.000Z%20CRIT%20%20forged:%20line%1b%5b31mRED", Cancellation);
        using var forwarded = await caller.GetAsync("/calcom/v2/event-types/zzz%0aforged%1b%5b31mRED", Cancellation);

        await Eventually.TrueAsync(() => Trace(gateway, stray) is not null && Trace(gateway, forwarded) is not null, "both traces are printed");
        Assert.Contains("server: GET /zzz 2026-11-26T13:00:00.000Z CRIT  forged: line [31mRED 404", Trace(gateway, stray), StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', gateway.Output);
        Assert.DoesNotContain(gateway.Output.Split('\n'), line => line.StartsWith("2026-11-26T13:00:00.000Z", StringComparison.Ordinal) || line.StartsWith("forged", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", null, "http://localhost:5080")]
    [InlineData(null, " ; ", "http://localhost:5080")]
    [InlineData("", "http://localhost:6080", "http://localhost:6080")]
    [InlineData(" http://localhost:7080 ;http://localhost:7081", "http://localhost:6080", "http://localhost:7080 http://localhost:7081")]
    public void Blank_addresses_are_none(string? argument, string? variable, string expected) =>
        Assert.Equal(expected, string.Join(' ', new Launch(null, Sandbox: true, argument, new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = variable }).Addresses));

    [Fact]
    public async Task A_clean_stop_finishes_what_is_under_way_and_ends_with_0()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { ApiKey = Key }, Cancellation);
        sandbox.Faults.Add(Fault.Delay(TimeSpan.FromSeconds(4)));
        await using var gateway = Start([], new() { ["CALCOM_API_KEY"] = Key, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri });
        using var caller = await CallerAsync(gateway);

        var slow = caller.GetAsync("/calcom/v2/me", Cancellation);
        await Eventually.TrueAsync(() => sandbox.Requests.Count == 1, "the request is under way");
        gateway.Terminate();

        using var answer = await slow;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, await gateway.ExitAsync());
    }

    [Fact]
    public async Task The_settings_file_is_found_where_it_was_started_and_the_one_that_was_found_is_watched()
    {
        var settings = Path.Combine(_folder.FullName, "yarp.json");
        await File.WriteAllTextAsync(settings, GatewayFixture.ShippedSettings, Cancellation);
        await using var gateway = Start(["--sandbox"], [], _folder.FullName);
        using var caller = await CallerAsync(gateway);
        Assert.Contains($"settings   {settings}", gateway.Output, StringComparison.Ordinal);

        await File.WriteAllTextAsync(settings, GatewayFixture.ShippedSettings.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal), Cancellation);

        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await caller.GetAsync("/calcom/v2/event-types", Cancellation);
                return answer.StatusCode == HttpStatusCode.BadGateway;
            },
            "the edit is in force");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static GatewayProcess Start(string[] arguments, Dictionary<string, string> environment, string? workingDirectory = null)
    {
        environment["CalGateway__Management__Url"] = "http://127.0.0.1:0";
        environment["CalGateway__Shutdown__Delay"] = "00:00:00";
        return GatewayProcess.Start([.. arguments, "--urls", "http://127.0.0.1:0"], environment, workingDirectory);
    }

    private static async Task<HttpClient> CallerAsync(GatewayProcess gateway) => new() { BaseAddress = await gateway.ServedAsync() };

    private static string IdOf(HttpResponseMessage answer) => answer.Headers.GetValues("X-Request-Id").Single();

    /// <summary>The block that the console shows for a request.</summary>
    private static string? Trace(GatewayProcess gateway, HttpResponseMessage answer)
    {
        var block = Regex.Match(gateway.Output, $"^trace {IdOf(answer)}\n(  [^\n]*(\n|$))+", RegexOptions.Multiline);
        return block.Success ? block.Value : null;
    }
}
