using System.Diagnostics;
using System.Globalization;
using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Configuration;

/// <summary>After many edits, the gateway keeps nothing of earlier revisions. Sixty edits by default; MANY_RELOADS sets another number.</summary>
[Collection(RunsAlone.Name)]
public sealed class ManyReloadsTests(ITestOutputHelper output)
{
    private static readonly int Reloads = int.Parse(Environment.GetEnvironmentVariable("MANY_RELOADS") ?? "60", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Hundreds_of_reloads_keep_no_object_and_no_file_open()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox,
            adjust: builder =>
            {
                builder.Services.AddSingleton<TimeProvider>(clock);
                builder.Logging.ClearProviders(); // the fixture's recorder keeps every line, which would be what grows
            });
        using var caller = gateway.CreateClient();

        await ReloadAsync(gateway, caller, clock, from: 0, to: 50);
        var early = Footprint.Now();
        await ReloadAsync(gateway, caller, clock, from: 50, to: Reloads);
        var late = Footprint.Now();

        output.WriteLine($"after 50 reloads {early}, after {Reloads} {late}");
        Assert.InRange(late.ManagedBytes, 0, early.ManagedBytes * 1.1);
        Assert.InRange(late.OpenFiles, 0, early.OpenFiles + 2);
    }

    private static async Task ReloadAsync(GatewayFixture gateway, HttpClient caller, FakeTimeProvider clock, int from, int to)
    {
        var revisions = gateway.Services.GetRequiredService<Revisions>();
        for (var edit = from; edit < to; edit++)
        {
            var before = revisions.Current.Id;
            gateway.Edit(_ => GatewayFixture.ShippedSettings.Replace("00:01:00", $"00:{edit % 50 + 2:00}:{edit % 7:00}", StringComparison.Ordinal));
            await Eventually.TrueAsync(
                () =>
                {
                    clock.Advance(ConfigurationWatcher.Interval);
                    return revisions.Current.Id != before;
                },
                $"edit {edit} is in force");

            if (edit % 50 == 0)
                (await caller.GetAsync("/calcom/v2/event-types", TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }
    }

    private sealed record Footprint(long ManagedBytes, int OpenFiles)
    {
        public static Footprint Now()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            var managed = GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes;
            using var process = Process.GetCurrentProcess();
            var files = Directory.Exists("/proc/self/fd") ? Directory.GetFileSystemEntries("/proc/self/fd").Length : process.HandleCount;
            return new Footprint(managed, files);
        }
    }
}
