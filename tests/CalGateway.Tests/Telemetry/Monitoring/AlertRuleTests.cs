using System.Diagnostics;
using System.Text.RegularExpressions;
using CalGateway.Problems;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry.Monitoring;

/// <summary>The alert rules by themselves, as Prometheus' own tool judges them.</summary>
public sealed partial class AlertRuleTests
{
    [Fact]
    public Task Promtool_finds_nothing_wrong_with_them() => PromtoolAsync("check", "rules", MonitoringFiles.Alerts);

    [Fact]
    public Task They_alert_when_they_should_and_not_when_they_should_not() => PromtoolAsync("test", "rules", MonitoringFiles.AlertTests);

    [Fact]
    public void Each_says_what_to_do_and_links_only_to_pages_that_exist()
    {
        var alerts = Alert().Split(File.ReadAllText(MonitoringFiles.Alerts))[1..];

        Assert.Equal(9, alerts.Length);
        Assert.All(alerts, alert =>
        {
            Assert.Contains("summary: ", alert, StringComparison.Ordinal);
            Assert.Contains("description: ", alert, StringComparison.Ordinal);
            if (Page().Match(alert) is { Success: true } page)
                Assert.Contains(ProblemTypes.All, type => type.Code == page.Groups[1].Value);
        });
    }

    private static async Task PromtoolAsync(params string[] arguments)
    {
        InstalledProgram.SkipWhenMissing("promtool", "prometheus");
        using var promtool = Process.Start(
            new ProcessStartInfo(InstalledProgram.PathOf("promtool"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(promtool.ExitCode == 0, output + await errors);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [GeneratedRegex("- alert: ")]
    private static partial Regex Alert();

    [GeneratedRegex(@"/_gateway/problems/([a-z-]+)")]
    private static partial Regex Page();
}
