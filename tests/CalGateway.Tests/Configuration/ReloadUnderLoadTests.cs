using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Configuration;

/// <summary>
/// Sixty-four clients never stop asking while the file is edited well, badly, in halves, deleted and swapped.
/// Six seconds by default; RELOAD_SECONDS asks for another time.
/// </summary>
[Collection(RunsAlone.Name)]
public sealed class ReloadUnderLoadTests(ITestOutputHelper output)
{
    private const int Clients = 64;

    private static readonly string[] Pins = ["2024-06-14", "2024-06-11", "2024-04-15"];

    private static readonly string[] Ways = ["good", "bad", "half-written", "deleted", "swapped symlink"];

    private static TimeSpan Duration => TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("RELOAD_SECONDS") ?? "6", CultureInfo.InvariantCulture));

    [Fact]
    public async Task No_request_fails_and_each_answer_is_of_one_revision()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        var seen = new Seen();
        var watch = Stopwatch.StartNew();
        var clients = Enumerable.Range(0, Clients).Select(_ => AskUntilAsync(caller, seen, () => watch.Elapsed > Duration)).ToList();
        var edits = await EditUntilAsync(gateway.SettingsPath, () => watch.Elapsed > Duration);
        await Task.WhenAll(clients);

        await File.WriteAllTextAsync(gateway.SettingsPath, Settings("2024-06-14"), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () => (await AskAsync(caller)).Version == "2024-06-14", "the last good edit is in force", TimeSpan.FromSeconds(2));

        var history = (await gateway.StatusAsync())["history"]!.AsArray().Count;
        output.WriteLine($"{seen.Answers} answers, {seen.Failures.Count} failed; {edits} edits; {seen.Versions.Count} revisions seen, {history} events kept");
        Assert.Empty(seen.Failures);
        Assert.True(seen.Versions.Count > 1, "no edit was ever in force");
        Assert.All(seen.Versions, revision => Assert.Single(revision.Value));
    }

    private static async Task AskUntilAsync(HttpClient caller, Seen seen, Func<bool> over)
    {
        while (!over())
        {
            try
            {
                var (status, revision, version) = await AskAsync(caller);
                seen.Add(status, revision, version);
            }
            catch (HttpRequestException failure)
            {
                seen.Failures.Enqueue(failure.Message);
            }
        }
    }

    private static async Task<(HttpStatusCode Status, string Revision, string Version)> AskAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.GetValues("CalGateway-Revision").Single(), answer.Headers.GetValues("CalGateway-Api-Version").Single());
    }

    private static async Task<int> EditUntilAsync(string path, Func<bool> over)
    {
        var edits = 0;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (; !over(); edits++)
        {
            await EditAsync(path, Ways[edits % Ways.Length], Settings(Pins[edits / Ways.Length % Pins.Length]));
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        return edits;
    }

    private static Task EditAsync(string path, string way, string good)
    {
        switch (way)
        {
            case "good":
                return File.WriteAllTextAsync(path, good);
            case "bad":
                return File.WriteAllTextAsync(path, good.Replace("CalApiVersion", "CalApiVersoin", StringComparison.Ordinal));
            case "half-written":
                return File.WriteAllTextAsync(path, good[..(good.Length / 3)]);
            case "deleted":
                File.Delete(path);
                return Task.CompletedTask;
            default:
                return SettingsWriter.WriteAsync(path, good, way, () => Task.CompletedTask);
        }
    }

    private static string Settings(string pin) => GatewayFixture.ShippedSettings.Replace("2024-06-14", pin, StringComparison.Ordinal);

    private sealed class Seen
    {
        private int _answers;

        public int Answers => _answers;

        public ConcurrentQueue<string> Failures { get; } = new();

        /// <summary>The versions with which each revision's requests were sent: one each, or they were mixed.</summary>
        public ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> Versions { get; } = new();

        public void Add(HttpStatusCode status, string revision, string version)
        {
            Interlocked.Increment(ref _answers);
            if (status != HttpStatusCode.OK)
                Failures.Enqueue($"{(int)status} at revision {revision}");

            Versions.GetOrAdd(revision, _ => new())[version] = true;
        }
    }
}
