using System.Collections.Concurrent;
using System.Net;
using CalGateway.Configuration.Watching;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Configuration;

/// <summary>What an edit drops from the cache, what it keeps, and that callers see nothing of it.</summary>
[Collection(RunsAlone.Name)]
public sealed class EditGuardTests
{
    private const string Me = "/calcom/v2/me";
    private const string List = "/calcom/v2/event-types";

    [Fact]
    public async Task A_file_that_is_half_written_at_one_look_and_whole_at_the_next_is_no_refusal()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only there a watched folder tells that a file was read.");
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56));
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        using var meters = new MeterRecorder(gateway);
        using var caller = gateway.CreateClient();
        var whole = GatewayFixture.ShippedSettings.Replace("\"2024-06-14\"", "\"2024-06-11\"", StringComparison.Ordinal);

        for (var cut = 1; cut < 4; cut++)
        {
            await File.WriteAllTextAsync(gateway.SettingsPath, whole[..(whole.Length * cut / 4)], TestContext.Current.CancellationToken);
            await LookAsync(gateway, clock);
        }

        await File.WriteAllTextAsync(gateway.SettingsPath, whole, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(
            async () =>
            {
                clock.Advance(ConfigurationWatcher.Interval);
                using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
                return answer.Headers.GetValues("CalGateway-Api-Version").Single() == "2024-06-11";
            },
            "the whole file is in force");

        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains("was refused", StringComparison.Ordinal));
        Assert.Equal(0, meters.Sum("calgateway.config.reloads outcome=refused"));
        Assert.DoesNotContain((await gateway.StatusAsync())["history"]!.AsArray(), edit => !(bool)edit!["accepted"]!);
    }

    [Fact]
    public async Task No_answer_pairs_one_revision_with_what_another_allows()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, settings: Allowing("GET /v2/me"));
        using var caller = gateway.CreateClient();
        caller.DefaultRequestHeaders.Add("X-Api-Key", AccessSettings.Key);
        var seen = new ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var clients = Enumerable.Range(0, 16).Select(_ => AskUntilAsync(caller, seen, over.Token)).ToList();

        for (var edit = 0; edit < 8; edit++)
        {
            var before = (string?)(await gateway.StatusAsync())["revision"];
            gateway.Edit(_ => Allowing(edit % 2 == 0 ? "GET /v2/event-types" : "GET /v2/me"));
            await Eventually.TrueAsync(async () => (string?)(await gateway.StatusAsync())["revision"] != before, $"edit {edit} is in force");
        }

        await over.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Equal(2, seen.Count);
        Assert.All(seen, revision => Assert.Equal(2, revision.Value.Count)); // one answer a path, and never another
    }

    [Fact]
    public async Task A_list_comes_from_the_address_that_is_written_and_not_from_what_was_stored_of_another()
    {
        await using var first = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(first, settings: At(first), environment: new Dictionary<string, string?> { ["CALCOM_BASE_URL"] = null });
        using var caller = gateway.CreateClient();
        Assert.Equal(["uri-miss", "hit"], [await CacheStatusAsync(caller), await CacheStatusAsync(caller)]);

        gateway.Edit(_ => At(second));
        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("is in force", StringComparison.Ordinal)), "the edit is in force");

        Assert.Equal(["uri-miss", "hit"], [await CacheStatusAsync(caller), await CacheStatusAsync(caller)]);
        Assert.Single(first.Requests.All);
        Assert.Single(second.Requests.All);
    }

    private static async Task LookAsync(GatewayFixture gateway, FakeTimeProvider clock)
    {
        var reads = 0;
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(gateway.SettingsPath)!) { NotifyFilter = NotifyFilters.LastAccess };
        watcher.Changed += (_, _) => Interlocked.Increment(ref reads);
        watcher.EnableRaisingEvents = true;
        clock.Advance(ConfigurationWatcher.Interval);
        await Eventually.TrueAsync(() => Volatile.Read(ref reads) > 0, "the gateway has looked at the file");
        await gateway.StatusAsync(); // the rest of the look has as long as this takes; what it sees later is the next content, which is no refusal either
    }

    private static async Task AskUntilAsync(HttpClient caller, ConcurrentDictionary<string, ConcurrentDictionary<string, bool>> seen, CancellationToken over)
    {
        for (var turn = 0; !over.IsCancellationRequested; turn++)
        {
            var path = turn % 2 == 0 ? Me : List;
            using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Forbidden, $"{answer.StatusCode}");
            seen.GetOrAdd(answer.Headers.GetValues("CalGateway-Revision").Single(), _ => new())[$"{path} {answer.StatusCode}"] = true;
        }
    }

    private static string Allowing(string operation) => AccessSettings.ApiKey(consumer => consumer["Operations"] = AccessSettings.List(operation));

    private static string At(SandboxHost sandbox) =>
        GatewayFixture.ShippedSettings.Replace("https://api.cal.com", sandbox.BaseAddress.AbsoluteUri.TrimEnd('/'), StringComparison.Ordinal);

    private static async Task<string> CacheStatusAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync(List, TestContext.Current.CancellationToken);
        var status = answer.Headers.GetValues("Cache-Status").Single();
        return status.Contains("hit", StringComparison.Ordinal) ? "hit" : status.Contains("fwd=uri-miss", StringComparison.Ordinal) ? "uri-miss" : status;
    }
}
