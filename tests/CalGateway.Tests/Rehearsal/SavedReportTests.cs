using System.Text.Json.Nodes;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Rehearsal;

/// <summary>The file that a rehearsal is saved to, where there is one already or it takes nothing.</summary>
public sealed class SavedReportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rehearsal_that_is_asked_for_wrongly_keeps_what_an_earlier_one_has_saved()
    {
        using var rehearsed = new Rehearsed(new Uri("http://127.0.0.1:9"));
        await File.WriteAllTextAsync(rehearsed.SavedPath, "before", Cancellation);

        var (exit, _, _) = await rehearsed.RunAsync("nothing", "2024-04-15", save: true);

        Assert.Equal((2, "before"), (exit, await File.ReadAllTextAsync(rehearsed.SavedPath, Cancellation)));
    }

    [Fact]
    public async Task Of_a_longer_report_that_was_there_nothing_is_left()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);
        await File.WriteAllTextAsync(rehearsed.SavedPath, new string('x', 1_000_000), Cancellation);

        var (exit, text, _) = await rehearsed.RunAsync("schedules", "2024-04-15", json: true, save: true);

        Assert.Equal(1, exit);
        Assert.Equal(text, await File.ReadAllTextAsync(rehearsed.SavedPath, Cancellation));
        Assert.NotNull(JsonNode.Parse(text));
    }

    [Theory]
    [InlineData("/dev/full", 1)]
    [InlineData("/proc/absent/report.json", 0)]
    [InlineData("/", 0)]
    public async Task A_file_that_takes_nothing_is_told_in_one_line_and_the_report_is_shown_where_there_is_one(string path, int verdicts)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These are Linux's.");
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, error) = await rehearsed.RunAsync("schedules", "2024-04-15", savePath: path);

        Assert.Equal(2, exit);
        Assert.Matches($"^calgateway: cannot save to {path}: [^\n]*\n$", error);
        Assert.Equal(verdicts, text.Split('\n').Count(line => line.StartsWith("breaking: schedules", StringComparison.Ordinal)));
    }
}
