using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using CalGateway.Caching;
using CalGateway.Commands;
using CalGateway.Sandbox;

namespace CalGateway.Benchmarks;

/// <summary>
/// A mixed load for minutes: many keys in a small cache, now and then a rename, now and then an outage. It ends with what the
/// arithmetic says beside what was counted: memory as set, and no request to Cal.com that nobody can account for.
/// </summary>
internal static class Soak
{
    private const int Callers = 8;
    private const int Keys = 400;
    private const int MaxEntries = 250;
    private const int FreshSeconds = 10;

    private static readonly TimeProvider Clock = TimeProvider.System;

    public static async Task RunAsync(TimeSpan duration)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        var port = Server.FreePort();
        await using var gateway = RunCommand.Build(new Launch(
            Path.Combine(AppContext.BaseDirectory, "yarp.json"), Sandbox: false, $"http://127.0.0.1:{port}", Environment(sandbox)));
        await gateway.StartAsync();
        var cache = gateway.Services.GetRequiredService<AnswerCache>();

        var refreshes = 0L;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "CalGateway",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
            ActivityStarted = activity => Interlocked.Add(ref refreshes, activity.OperationName == "cache refresh" ? 1 : 0),
        };
        ActivitySource.AddActivityListener(listener);

        using var over = new CancellationTokenSource(duration, Clock);
        var early = HeapAsync(duration / 10);
        var asked = CountAsync(sandbox, over.Token);
        var disturbed = DisturbAsync(sandbox, port, over.Token);
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(port, caller, over.Token)));
        var writes = await disturbed;
        var upstream = await asked;
        var heap = await early;
        var report = cache.Report();
        var lists = report.Policies.Single(policy => policy.Name == "event-types");
        var (answered, forwarded) = (counts.Sum(count => count.Right), counts.Sum(count => count.Forwarded));
        var fromStore = 1 - ((double)counts.Sum(count => count.NotFromStore) / (answered + writes));

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            Soak of {duration.TotalMinutes} minutes: {Callers} callers, {Keys} keys, room for {MaxEntries}, fresh for {FreshSeconds} s
              answered           {answered}, failed {counts.Sum(count => count.Wrong)}
              entries            {report.Entries} of {MaxEntries}, {report.Bytes} bytes
              managed heap       {heap / 1024} KiB after a tenth of the time, {GC.GetTotalMemory(forceFullCollection: true) / 1024} KiB at the end
              hit ratio          {lists.HitRatio:0.0000}, and {fromStore:0.0000} by what callers were told; the {MaxEntries} keys asked for most are {Math.Cbrt((double)MaxEntries / Keys):0.0000} of what is asked
              asked of Cal.com   {upstream}, and {forwarded + Interlocked.Read(ref refreshes) + writes}: {forwarded} for callers, {refreshes} behind them, {writes} writes
            """));
        await gateway.StopAsync();
    }

    private static Dictionary<string, string?> Environment(SandboxHost sandbox) => new()
    {
        ["CALCOM_BASE_URL"] = sandbox.BaseAddress.AbsoluteUri,
        ["CALCOM_API_KEY"] = sandbox.ApiKey,
        ["CalGateway__Management__Url"] = $"http://127.0.0.1:{Server.FreePort()}",
        ["CalGateway__Cache__MaxEntries"] = MaxEntries.ToString(CultureInfo.InvariantCulture),
        ["CalGateway__Cache__Policies__event-types__Fresh"] = $"00:00:{FreshSeconds}",
    };

    /// <summary>Low numbers are asked for more often than high ones, as it is with anything that people ask for.</summary>
    private static async Task<Count> CallAsync(int port, int seed, CancellationToken over)
    {
        using var caller = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var random = new Random(seed);
        var count = new Count(0, 0, 0, 0);
        while (!over.IsCancellationRequested)
        {
            var key = (int)(Keys * Math.Pow(random.NextDouble(), 3));
            using var answer = await caller.GetAsync($"/calcom/v2/event-types?take={key}", CancellationToken.None);
            await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            var status = answer.Headers.GetValues("Cache-Status").Single();
            var isForwarded = status.Contains("fwd=", StringComparison.Ordinal);
            count = new Count(
                count.Right + (IsRight(answer) ? 1 : 0),
                count.Wrong + (IsRight(answer) ? 0 : 1),
                count.Forwarded + (isForwarded && !status.Contains("collapsed", StringComparison.Ordinal) ? 1 : 0),
                count.NotFromStore + (isForwarded && !status.Contains("fwd=stale; fwd-status=503", StringComparison.Ordinal) ? 1 : 0));
        }

        return count;
    }

    /// <summary>503 is Cal.com's own answer in an outage, for a key that is not stored.</summary>
    private static bool IsRight(HttpResponseMessage answer) => answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable;

    private static async Task<long> HeapAsync(TimeSpan after)
    {
        await Task.Delay(after, Clock);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    /// <summary>An outage in one of three turns, and a rename in another. How often was written.</summary>
    private static async Task<int> DisturbAsync(SandboxHost sandbox, int port, CancellationToken over)
    {
        using var caller = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(20), Clock);
        var writes = 0;
        for (var turn = 0; await NextAsync(pace, over); turn++)
        {
            sandbox.Faults.Clear();
            if (turn % 3 == 1)
                sandbox.Faults.Add(Fault.Status(503));
            if (turn % 3 != 0)
                continue;

            using var rename = new StringContent($$"""{"title":"Title {{turn}}"}""", Encoding.UTF8, "application/json");
            using var written = await caller.PatchAsync("/calcom/v2/event-types/3928133", rename, CancellationToken.None);
            written.EnsureSuccessStatusCode();
            writes++;
        }

        return writes;
    }

    /// <summary>The log of the sandbox is bounded, so it is read and emptied as it fills.</summary>
    private static async Task<long> CountAsync(SandboxHost sandbox, CancellationToken over)
    {
        var count = 0L;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200), Clock);
        do
        {
            count += sandbox.Requests.Count;
            sandbox.Requests.Clear();
        }
        while (await NextAsync(pace, over));

        return count + sandbox.Requests.Count;
    }

    /// <param name="Right">Answers as they should be.</param>
    /// <param name="Wrong">All others.</param>
    /// <param name="Forwarded">Answers for which Cal.com was asked.</param>
    /// <param name="NotFromStore">Answers that were not from what was stored.</param>
    private sealed record Count(long Right, long Wrong, long Forwarded, long NotFromStore);

    private static async Task<bool> NextAsync(PeriodicTimer pace, CancellationToken over)
    {
        try
        {
            return await pace.WaitForNextTickAsync(over);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
