using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using CalGateway.Telemetry;
using CalGateway.Telemetry.Durations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.Configuration;

/// <summary>A watcher continues after an exception in one of its checks.</summary>
public sealed class WatcherTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(2);

    /// <summary>A failing logger is a way to throw anywhere in a check.</summary>
    [Fact]
    public async Task Whatever_is_thrown_over_an_edit_is_logged_and_counted_and_the_next_edit_is_seen()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(
            sandbox, adjust: builder => builder.Logging.AddProvider(new ThrowingLog("yarp.json was edited", "was refused")));
        using var meters = new MeterRecorder(gateway);
        using var caller = gateway.CreateClient();

        foreach (var pin in new[] { "2024-06-11", "not a version!", "2024-04-15", "2024-06-14" })
        {
            gateway.Edit(_ => GatewayFixture.ShippedSettings.Replace("2024-06-14", pin, StringComparison.Ordinal));
            if (pin[0] == '2')
                await Eventually.TrueAsync(async () => await SentVersionAsync(caller) == pin, $"{pin} is in force", Promised);
            else
                await Eventually.TrueAsync(async () => (await gateway.StatusAsync())["lastEditRefused"] is not null, "the bad edit is refused", Promised);
        }

        await Eventually.TrueAsync(() => meters.Sum("calgateway.watch.failures watch=settings") == 4, "each is counted");
        Assert.Contains(gateway.Logs.Lines, line => line.Level == LogLevel.Error && line.Text.Contains("A look at settings failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whatever_is_thrown_over_a_rotated_key_is_logged_and_counted_and_the_next_key_is_seen()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        var file = Path.Combine(folder.FullName, "key");
        await File.WriteAllTextAsync(file, "cal_test_first", TestContext.Current.CancellationToken);
        await using (var upstream = ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")))
        await using (var gateway = await GatewayFixture.StartAsync(
            upstream.Address, environment: new Dictionary<string, string?> { ["CALCOM_API_KEY"] = null, ["CALCOM_API_KEY_FILE"] = file },
            adjust: builder => builder.Logging.AddProvider(new ThrowingLog("The credential in"))))
        {
            using var meters = new MeterRecorder(gateway);
            using var caller = gateway.CreateClient();
            foreach (var key in new[] { "cal_test_second", "cal_test_third" })
            {
                await File.WriteAllTextAsync(file, key, TestContext.Current.CancellationToken);
                await Eventually.TrueAsync(
                    async () =>
                    {
                        using var answer = await caller.GetAsync("/calcom/v2/me", TestContext.Current.CancellationToken);
                        return upstream.Heads[^1].Contains("Bearer " + key, StringComparison.Ordinal);
                    },
                    $"{key} is in use");
            }

            await Eventually.TrueAsync(() => meters.Sum("calgateway.watch.failures watch=credentials") == 2, "both failures are counted");
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_one_of_many_throws_is_counted_turn_after_turn_and_keeps_none_of_the_others_from_its_turn()
    {
        var turns = 0;
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var meters = new MeterRecorder(gateway);
        var publisher = gateway.Services.GetRequiredService<DurationPublisher>();

        // One on each side of the failing one, because the order in which they are checked is not defined.
        var counted = publisher.Tally<int>((_, _, _) => Interlocked.Increment(ref turns));
        var failing = publisher.Tally<int>((_, _, _) => throw new InvalidOperationException("It cannot be told."));
        var countedToo = publisher.Tally<int>((_, _, _) => Interlocked.Increment(ref turns));

        for (var turn = 1; turn <= 2; turn++)
        {
            foreach (var tally in new[] { counted, failing, countedToo })
                tally.Add(0, TimeSpan.FromMilliseconds(3));
            await Eventually.TrueAsync(() => Volatile.Read(ref turns) == 2 * turn && meters.Sum("calgateway.watch.failures watch=durations") >= turn, "each has its turn");
        }

        Assert.Single(gateway.Logs.Lines, line => line.Text.Contains("A look at durations failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_comes_out_of_a_queue_is_taken_whatever_the_item_before_it_threw()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var meters = new MeterRecorder(gateway);
        var services = gateway.Services;
        var watch = new Watch("queue", TimeProvider.System, services.GetRequiredService<WatchMetrics>(), services.GetRequiredService<ILoggerFactory>().CreateLogger("queue"));
        Exception[] thrown = [new InvalidOperationException("a fault"), new OperationCanceledException("nobody stops"), new TimeoutException("late")];
        var taken = new List<int>();

        await watch.EachAsync(
            Enumerable.Range(0, 4).ToAsyncEnumerable(),
            item =>
            {
                taken.Add(item);
                return item < thrown.Length ? throw thrown[item] : Task.CompletedTask;
            },
            CancellationToken.None);

        Assert.Equal([0, 1, 2, 3], taken);
        Assert.Equal(3, meters.Sum("calgateway.watch.failures watch=queue"));
    }

    /// <summary>An unhandled exception in a background service would end the gateway, so every one must run inside <c>Watch</c>, which catches them.</summary>
    [Fact]
    public void Whatever_runs_behind_requests_runs_in_a_watch()
    {
        var services = Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src", "CalGateway"), "*.cs", SearchOption.AllDirectories)
            .Select(file => (Name: Path.GetFileName(file), Text: File.ReadAllText(file)))
            .Where(file => file.Text.Contains(": BackgroundService", StringComparison.Ordinal))
            .ToList();

        Assert.True(services.Count >= 9, $"found {services.Count}");
        Assert.Empty(services.Where(file => !file.Text.Contains("new Watch(", StringComparison.Ordinal) && !file.Text.Contains("Watch _watch = new(", StringComparison.Ordinal)).Select(file => file.Name));
        Assert.Empty(services.Where(file => file.Text.Contains("await foreach", StringComparison.Ordinal)).Select(file => file.Name));
    }

    private static async Task<string?> SentVersionAsync(HttpClient caller)
    {
        using var answer = await caller.GetAsync("/calcom/v2/event-types/3928133", TestContext.Current.CancellationToken);
        return answer.Headers.TryGetValues("CalGateway-Api-Version", out var versions) ? versions.Single() : null;
    }
}
