using CalGateway.Doctor;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Doctor;

public sealed class DoctorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_installation_is_examined_whole_with_reads_only_forty_and_two_of_them()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var installation = new Installation(sandbox);

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal(0, exit);
        Assert.Equal(
            ["Configuration", "Credential", "Connection", "Account", "Versions", "API v1", "Running gateway", "Your event types"], checks.Keys);
        Assert.All(checks.Where(check => check.Key != "Running gateway"), check => Assert.Equal("good", (string?)check.Value["verdict"]));
        Assert.Contains("owner", (string?)checks["Account"]["finding"], StringComparison.Ordinal);
        Assert.Contains("bookings: pinned 2024-08-13 ✓", checks["Versions"]["details"]!.AsArray().Select(line => (string?)line));
        Assert.Contains("Secret Meeting", checks["Your event types"]["table"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(42, sandbox.Requests.Count);
        Assert.All(sandbox.Requests.All, request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task What_keeps_the_gateway_from_starting_where_it_is_to_listen_is_told_as_check_tells_it()
    {
        using var installation = new Installation(upstream: new Uri("http://127.0.0.1:9"), "cal_test_key", url: "http://0.0.0.0:9");

        var (exit, checks) = await installation.RunAsJsonAsync();

        Assert.Equal((1, "bad"), (exit, (string?)checks["Configuration"]["verdict"]));
        Assert.Contains("CalGateway:Access:Mode", (string?)checks["Configuration"]["remedy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2024-08-13", "bad", "set CalApiVersion of route \"event-types\" to \"2024-06-14\"")]
    [InlineData("2031-01-01", "bad", "set CalApiVersion of route \"event-types\" to \"2024-06-14\"")]
    [InlineData("2024-04-15", "doubtful", "set CalApiVersion of route \"event-types\" to \"2024-06-14\"")]
    public async Task A_wrong_pin_is_told_first_with_the_line_to_change(string pin, string verdict, string remedy)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        var settings = GatewayFixture.ShippedSettings.Replace("2024-06-14", pin, StringComparison.Ordinal);
        using var installation = new Installation(sandbox, settings);

        var (_, checks) = await installation.RunAsJsonAsync();
        var (exit, text) = await installation.RunAsync();
        var firstLines = string.Join(' ', text.Split('\n').Take(5).Select(line => line.Trim()));

        Assert.Equal(verdict, (string?)checks["Versions"]["verdict"]);
        Assert.Contains(remedy, (string?)checks["Versions"]["remedy"], StringComparison.Ordinal);
        Assert.Equal(verdict == "bad" ? 1 : 0, exit);
        if (verdict == "bad")
        {
            Assert.Contains("yarp.json:10:", firstLines, StringComparison.Ordinal);
            Assert.Contains(remedy, firstLines, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_check_that_throws_is_a_finding_and_the_next_one_still_runs()
    {
        using var installation = new Installation(new Uri("http://127.0.0.1:9"), "cal_live_some_key");
        using var context = installation.Begin(Probe.MaxRequests);

        var report = await CheckRunner.RunAsync(context, [new Throwing(), new Content()], progress: null, Cancellation);

        Assert.Equal([CheckVerdict.Bad, CheckVerdict.Good], report.Checks.Select(check => check.Result.Verdict));
        Assert.Contains("InvalidOperationException, on purpose", report.Checks[0].Result.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_verb_examines_the_sandbox()
    {
        await using var healthy = GatewayProcess.Start(["doctor", "--sandbox"]);
        Assert.Equal(0, await healthy.ExitAsync());
        Assert.StartsWith("✓ Healthy", healthy.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', healthy.Output);
    }

    private sealed class Throwing : ICheck
    {
        public string Title => "Throws";

        public Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation) => throw new InvalidOperationException("on purpose");
    }

    private sealed class Content : ICheck
    {
        public string Title => "Is content";

        public Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation) => Task.FromResult(CheckResult.Good("Fine."));
    }
}
