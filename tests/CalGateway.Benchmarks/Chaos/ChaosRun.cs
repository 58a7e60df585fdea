using System.Globalization;
using System.Text.RegularExpressions;
using CalGateway.Commands;
using CalGateway.Sandbox;

namespace CalGateway.Benchmarks.Chaos;

/// <summary>Eleven disasters in turn, each followed by a time of peace, under mixed load. It ends with what was right, what was lost, and how often Cal.com was asked.</summary>
internal static partial class ChaosRun
{
    private static readonly TimeSpan Disastrous = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Peaceful = TimeSpan.FromSeconds(8);
    private static readonly TimeProvider Clock = TimeProvider.System;

    public static async Task RunAsync(TimeSpan duration)
    {
        await using var sandbox = await SandboxHost.StartAsync();
        await using var relay = new Relay(sandbox.BaseAddress);
        var (port, management) = (Server.FreePort(), Server.FreePort());
        await using var gateway = RunCommand.Build(new Launch(
            Path.Combine(AppContext.BaseDirectory, "yarp.json"), Sandbox: false, $"http://127.0.0.1:{port}", Environment(sandbox, relay, management)),
            builder => builder.Logging.ClearProviders()); // each failure would be a line
        await gateway.StartAsync();

        var callers = new ChaosCallers(new Uri($"http://127.0.0.1:{port}"));
        await callers.WarmAsync();
        using var over = new CancellationTokenSource(duration, Clock);
        var arrivals = new Dictionary<string, int>();
        var counting = CountAsync(sandbox, arrivals, over.Token);
        var running = callers.RunAsync(over.Token);
        for (var turn = 0; !over.IsCancellationRequested; turn++)
            await TurnAsync(Disaster.All[turn % Disaster.All.Count], sandbox, relay, callers, over.Token);
        await running;
        await counting;

        Report(duration, callers, arrivals, await MetricsAsync(management));
        await gateway.StopAsync();
    }

    private static Dictionary<string, string?> Environment(SandboxHost sandbox, Relay relay, int management) => new()
    {
        ["CALCOM_BASE_URL"] = relay.Address.AbsoluteUri,
        ["CALCOM_API_KEY"] = sandbox.ApiKey,
        ["CalGateway__Management__Url"] = $"http://127.0.0.1:{management}",
        ["CalGateway__Cache__Policies__event-types__Fresh"] = "00:00:05",
        ["ReverseProxy__Clusters__calcom__HttpRequest__ActivityTimeout"] = "00:00:02",
    };

    private static async Task TurnAsync(Disaster disaster, SandboxHost sandbox, Relay relay, ChaosCallers callers, CancellationToken over)
    {
        callers.AnswersMayBeCut = disaster.CutsAnswers;
        if (disaster.Fault is { } fault)
            sandbox.Faults.Add(fault);
        relay.Set(disaster.Mode);
        await Task.Delay(Disastrous, Clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        sandbox.Faults.Clear();
        relay.Set(RelayMode.Pass);
        await Task.Delay(Peaceful, Clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>How often each mark arrived. The log of the sandbox is bounded, so it is read and emptied as it fills.</summary>
    private static async Task CountAsync(SandboxHost sandbox, Dictionary<string, int> arrivals, CancellationToken over)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200), Clock);
        for (var last = false; !last;)
        {
            last = over.IsCancellationRequested;
            await pace.WaitForNextTickAsync(CancellationToken.None);
            var log = sandbox.Requests.All;
            sandbox.Requests.Clear();
            foreach (var request in log)
            {
                if (Mark().Match(request.BodyText) is { Success: true } mark)
                    arrivals[mark.Value] = arrivals.GetValueOrDefault(mark.Value) + 1;
            }
        }
    }

    private static async Task<string> MetricsAsync(int management)
    {
        using var operators = new HttpClient();
        await Task.Delay(TimeSpan.FromSeconds(2), Clock); // durations are published once a second
        return await operators.GetStringAsync($"http://127.0.0.1:{management}/metrics");
    }

    private static void Report(TimeSpan duration, ChaosCallers callers, Dictionary<string, int> arrivals, string metrics)
    {
        double Sum(string name, string with = "") => Samples().Matches(metrics).Where(sample => sample.Groups[1].Value == name && sample.Groups[2].Value.Contains(with, StringComparison.Ordinal))
            .Sum(sample => double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture));

        var attempts = Sum("calgateway_upstream_requests_total");
        var retries = Sum("calgateway_upstream_retries_total", "success") + Sum("calgateway_upstream_retries_total", "failure");
        var lost = callers.Writes.Count(write => write.Value && arrivals.GetValueOrDefault(write.Key) == 0);
        var twice = callers.Writes.Count(write => arrivals.GetValueOrDefault(write.Key) > 1);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            Chaos of {duration.TotalMinutes:0.#} minutes: {Disaster.All.Count} disasters in turn, {Disastrous.TotalSeconds} s each, {Peaceful.TotalSeconds} s of peace between
              answers            {callers.Outcomes.Values.Sum()}; wrong {callers.Wrong.Count}, unexplained {callers.Unexplained.Count}
              writes             {callers.Writes.Count}, {callers.Writes.Count(write => write.Value)} confirmed; lost {lost}, sent twice {twice}
              cacheable lists    p50 {callers.ListQuantile(0.5):0.0} ms, p99 {callers.ListQuantile(0.99):0.0} ms
              sent to Cal.com    {attempts}, of them {retries} retries: {attempts / (attempts - retries):0.000} times what was admitted
            """));
        foreach (var (outcome, count) in callers.Outcomes.OrderByDescending(outcome => outcome.Value))
            Console.WriteLine($"    {count,8} {outcome}");
        foreach (var wrong in callers.Wrong.Concat(callers.Unexplained).Distinct().Take(20))
            Console.WriteLine($"  ! {wrong}");
    }

    [GeneratedRegex("mark-[0-9]+-")]
    private static partial Regex Mark();

    [GeneratedRegex(@"^([a-z_]+)\{([^}]*)\} ([0-9.e+]+)", RegexOptions.Multiline)]
    private static partial Regex Samples();
}
