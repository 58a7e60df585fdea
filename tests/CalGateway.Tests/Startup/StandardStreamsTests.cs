using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Startup;

/// <summary>A full disk behind standard output or standard error, and a start in a folder that is gone.</summary>
public sealed class StandardStreamsTests
{
    private static readonly string Program = string.Join(' ', GatewayProcess.Program);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_gateway_serves_where_nothing_that_it_says_can_be_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's.");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var gateway = GatewayProcess.Start(
            ["--urls", address.AbsoluteUri],
            new Dictionary<string, string> { ["CALCOM_API_KEY"] = sandbox.ApiKey, ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri, ["CalGateway__Management__Url"] = "" },
            program: To(">/dev/full 2>/dev/full"));
        using var caller = new HttpClient { BaseAddress = address };

        await Eventually.TrueAsync(async () => await IsReadyAsync(caller), "it is ready", TimeSpan.FromSeconds(30));

        for (var turn = 0; turn < 3; turn++)
        {
            using var good = await caller.GetAsync("/calcom/v2/event-types", Cancellation);
            using var bad = await caller.GetAsync("/calcom/v2/nothing", Cancellation); // it is logged
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadGateway), (good.StatusCode, bad.StatusCode));
        }
    }

    [Theory]
    [InlineData("check")]
    [InlineData("check --json")]
    [InlineData("explain GET /v2/event-types")]
    [InlineData("hash-key")]
    [InlineData("--version")]
    public async Task A_verb_that_cannot_say_what_it_has_to_fails_in_one_line(string verb)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's.");
        await using var gateway = GatewayProcess.Start(verb.Split(' '), program: To(">/dev/full"));

        Assert.Equal(1, await gateway.ExitAsync());
        Assert.Equal("calgateway: reading or writing failed: No space left on device", gateway.Errors);
    }

    [Fact]
    public async Task A_usage_error_is_one_also_where_it_cannot_be_said()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "/dev/full is Linux's.");
        await using var gateway = GatewayProcess.Start(["nonsense"], program: To("2>/dev/full"));

        Assert.Equal(2, await gateway.ExitAsync());
    }

    [Fact]
    public async Task In_a_folder_that_is_gone_the_settings_beside_the_program_are_taken()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a folder that is in use cannot be removed.");
        await using var check = GatewayProcess.Start(["check"], program: InAFolderThatIsGone);

        Assert.Equal(0, await check.ExitAsync());
        Assert.Contains($"{Path.Combine(Path.GetDirectoryName(GatewayProcess.Program[^1])!, "yarp.json")}: nothing to say against it.", check.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("calgateway:", check.Errors, StringComparison.Ordinal);

        await using var gateway = GatewayProcess.Start(["--sandbox", "--urls", "http://127.0.0.1:0"], new Dictionary<string, string> { ["CalGateway__Management__Url"] = "" }, program: InAFolderThatIsGone);
        await gateway.ServedAsync();
    }

    private static readonly string[] InAFolderThatIsGone = ["sh", "-c", $"cd $(mktemp -d) && rmdir $(pwd) && exec {Program} \"$@\"", "sh"];

    private static string[] To(string redirection) => ["sh", "-c", $"exec {Program} \"$@\" {redirection}", "sh"];

    private static async Task<bool> IsReadyAsync(HttpClient caller)
    {
        try
        {
            using var answer = await caller.GetAsync("/healthz/ready", Cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
