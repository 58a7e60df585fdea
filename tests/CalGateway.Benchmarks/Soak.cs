using System.Globalization;
using System.Net;
using CalGateway.Caching;
using CalGateway.Sandbox;

namespace CalGateway.Benchmarks;

/// <summary>
/// A mixed load for minutes: many keys in a small cache, now and then a rename, now and then an outage. It ends with what the
/// arithmetic says beside what was counted: memory as set, Cal.com asked no more often than a fresh window allows.
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

        using var over = new CancellationTokenSource(duration, Clock);
        var asked = CountAsync(sandbox, over.Token);
        var disturbed = DisturbAsync(sandbox, over.Token);
        var counts = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => CallAsync(port, caller, over.Token)));
        await disturbed;
        var upstream = await asked;
        var report = cache.Report();
        var lists = report.Policies.Single(policy => policy.Name == "event-types");

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            Soak of {duration.TotalMinutes} minutes: {Callers} callers, {Keys} keys, room for {MaxEntries}, fresh for {FreshSeconds} s
              answered           {counts.Sum(count => count.Right)}, failed {counts.Sum(count => count.Wrong)}
              entries            {report.Entries} of {MaxEntries}, {report.Bytes} bytes
              managed heap       {GC.GetTotalMemory(forceFullCollection: true) / 1024 / 1024} MiB
              hit ratio          {lists.HitRatio:0.000}
              asked of Cal.com   {upstream}, and {(1 - lists.HitRatio) * lists.Requests:0} requests were not answered from the store
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
    private static async Task<(long Right, long Wrong)> CallAsync(int port, int seed, CancellationToken over)
    {
        using var caller = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var random = new Random(seed);
        var (right, wrong) = (0L, 0L);
        while (!over.IsCancellationRequested)
        {
            var key = (int)(Keys * Math.Pow(random.NextDouble(), 3));
            using var answer = await caller.GetAsync($"/calcom/v2/event-types?take={key}", CancellationToken.None);
            await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
            if (answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable)
                right++; // 503 is Cal.com's own answer in an outage, for a key that is not stored
            else
                wrong++;
        }

        return (right, wrong);
    }

    private static async Task DisturbAsync(SandboxHost sandbox, CancellationToken over)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(20), Clock);
        for (var turn = 0; await NextAsync(pace, over); turn++)
        {
            sandbox.Faults.Clear();
            if (turn % 3 == 1)
                sandbox.Faults.Add(Fault.Status(503));
        }
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
