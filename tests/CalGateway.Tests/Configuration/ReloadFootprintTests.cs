using System.Globalization;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// After many edits the executable uses no more memory, files and sockets than after the first fifty. Each edit takes a quarter of a second, so there are a
/// hundred by default; RELOADS sets another number.
/// </summary>
public sealed class ReloadFootprintTests(ITestOutputHelper output) : IDisposable
{
    private const int Early = 50;
    private const int Rounds = 3;

    private static readonly int Reloads = int.Parse(Environment.GetEnvironmentVariable("RELOADS") ?? "100", CultureInfo.InvariantCulture);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calgateway-reloads-");

    [Fact]
    public async Task The_working_set_after_many_reloads_is_what_it_was_after_fifty()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self/fd"), "Open files are counted under /proc.");
        await WriteAsync(0);
        await using var gateway = GatewayProcess.Start(
            ["--sandbox", "--config", SettingsPath, "--urls", "http://127.0.0.1:0"], new Dictionary<string, string> { ["CalGateway__Management__Url"] = "http://127.0.0.1:0" });
        using var caller = new HttpClient { BaseAddress = await gateway.ServedAsync() };

        await EditAsync(caller, from: 1, to: Early);
        var (early, late) = (gateway.Footprint(), gateway.Footprint());

        // Garbage comes and goes, but a leak grows with each round.
        for (var round = 1; round <= Rounds; round++)
        {
            if (round > 1)
                early = late;
            await EditAsync(caller, from: Early + ((round - 1) * Reloads) + 1, to: Early + (round * Reloads));
            late = gateway.Footprint();
            output.WriteLine($"round {round} of {Reloads:N0} reloads: before {early}, after {late}");
            if (HasKept(early, late))
                return;
        }

        Assert.Fail($"In each of {Rounds} rounds it grew, at last from {early} to {late}");
    }

    /// <summary>A connection that is being made or closed counts as an open file.</summary>
    private static bool HasKept((long WorkingSet, int OpenFiles) early, (long WorkingSet, int OpenFiles) late) =>
        late.WorkingSet <= early.WorkingSet * 1.1 && late.OpenFiles <= early.OpenFiles + 10;

    public void Dispose() => _folder.Delete(recursive: true);

    private string SettingsPath => Path.Combine(_folder.FullName, "yarp.json");

    private async Task EditAsync(HttpClient caller, int from, int to)
    {
        for (var edit = from; edit <= to; edit++)
        {
            var before = await RevisionAsync(caller);
            await WriteAsync(edit);
            await Eventually.TrueAsync(async () => await RevisionAsync(caller) != before, $"edit {edit} is in force");
        }
    }

    private static async Task<string> RevisionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        return answer.Headers.GetValues("CalGateway-Revision").Single();
    }

    private Task WriteAsync(int edit) => File.WriteAllTextAsync(
        SettingsPath,
        GatewayFixture.ShippedSettings.Replace("00:01:00", $"00:{edit % 50 + 2:00}:{edit % 7:00}", StringComparison.Ordinal),
        TestContext.Current.CancellationToken);
}
