using System.Diagnostics;
using System.Globalization;

namespace CalGateway.Benchmarks.Starting;

/// <summary>
/// From exec to the first proxied answer, beside bare YARP: as built, compiled ahead, and as one file with .NET in it. Every round starts each program once, in turn; the ratio of
/// the medians is what counts.
/// </summary>
/// <param name="rounds">How often each is started.</param>
internal sealed class Starts(int rounds)
{
    private const string Forward = "/calcom/v2/me";
    private const string Version = "--version";

    public async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-start-");
        try
        {
            var (gateway, peers, compiledPeers) = (await Publishing.GatewayAsync(folder), await Publishing.PeersAsync(folder), await Publishing.PeersWithoutDotnetAsync(folder));
            await using var upstream = await Entrant.Peer("upstream", Forward, "kestrel").StartAsync(Environment.ProcessorCount - 1);
            var address = $"http://127.0.0.1:{upstream.Port}";
            var built = Path.Combine(AppContext.BaseDirectory, "CalGateway.Benchmarks.dll");
            Starter[] starters =
            [
                new("bare YARP, JIT", ["dotnet", built, "peer", "yarp", "{port}", address]),
                new("bare YARP, ReadyToRun", [compiledPeers, "peer", "yarp", "{port}", address]),
                new("bare YARP, one file", [peers, "peer", "yarp", "{port}", address]),
                Gateway("CalGateway, JIT", address, "dotnet", Entrant.GatewayProgram),
                Gateway("CalGateway, one file", address, gateway),
            ];

            var published = (await PrintStartsAsync(starters))[^1];
            var verbs = await PrintVerbsAsync(gateway);
            PrintParts(published, program: verbs[Version]);
            Console.WriteLine("\nMethods that are compiled until the first answer (the rest comes compiled)");
            foreach (var starter in starters)
                Console.WriteLine($"  {starter.Name,-24} {await CompiledAsync(starter, folder),6}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<List<FirstAnswer>[]> PrintStartsAsync(Starter[] starters)
    {
        var measured = starters.Select(_ => new List<FirstAnswer>()).ToArray();
        for (var round = 0; round <= rounds; round++)
        {
            for (var at = 0; at < starters.Length; at++)
            {
                var start = await FirstAnswer.OfAsync(starters[at], Forward);
                if (round > 0) // the first one reads the files
                    measured[at].Add(start);
            }
        }

        Console.WriteLine($"\nFrom exec to the first proxied answer: medians of {rounds} fresh processes; in brackets the ratio to bare YARP in its three forms");
        foreach (var (starter, at) in starters.Select((starter, at) => (starter, at)))
        {
            Console.WriteLine($"  {starter.Name,-24} listens after {Told(measured[at], start => start.Listening.TotalSeconds)} s   first answer {Compared(at, start => start.Wall.TotalSeconds)}   "
                + $"processor {Compared(at, start => start.Processor.TotalSeconds)}   idle MB {Compared(at, start => start.ResidentMebibytes, "0")}");
        }

        return measured;

        string Compared(int at, Func<FirstAnswer, double> value, string format = "0.000")
        {
            var own = Median(measured[at].Select(value));
            return $"{own.ToString(format, CultureInfo.InvariantCulture)} ({Ratio(0)}, {Ratio(1)}, {Ratio(2)})";

            string Ratio(int peer) => (own / Median(measured[peer].Select(value))).ToString("0.00", CultureInfo.InvariantCulture) + "x";
        }
    }

    /// <summary>What of a start passes when, as far as it can be seen from outside.</summary>
    private static void PrintParts(List<FirstAnswer> starts, double program)
    {
        var (listening, answered) = (Median(starts.Select(start => start.Listening.TotalSeconds)), Median(starts.Select(start => start.Wall.TotalSeconds)));
        Console.WriteLine("\nWhere the time of CalGateway, one file, goes");
        foreach (var (part, seconds) in new[]
        {
            ("the program itself, and its command line (as --version)", program),
            ("the settings are judged while the host is built; it listens", listening - program),
            ("the first request, its connection to the upstream included", answered - listening),
        })
        {
            Console.WriteLine($"  {part,-62} {seconds.ToString("0.000", CultureInfo.InvariantCulture)} s   {seconds / answered:0%}");
        }
    }

    private async Task<Dictionary<string, double>> PrintVerbsAsync(string gateway)
    {
        var medians = new Dictionary<string, double>();
        Console.WriteLine($"\nVerbs of the published gateway, to their end: medians of {rounds}");
        foreach (var verb in new[] { Version, "check", "explain GET /calcom/v2/event-types" })
        {
            string[] settings = verb == Version ? [] : ["--config", Path.Combine(AppContext.BaseDirectory, "yarp.json")];
            var starter = new Starter(verb, [gateway, .. verb.Split(' '), .. settings]);
            var seconds = new List<double>();
            for (var round = 0; round <= rounds; round++)
            {
                var watch = Stopwatch.StartNew();
                using var process = starter.Start();
                await process.WaitForExitAsync();
                if (process.ExitCode != 0)
                    throw new InvalidOperationException($"\"{verb}\" ended with {process.ExitCode}.");
                if (round > 0)
                    seconds.Add(watch.Elapsed.TotalSeconds);
            }

            medians[verb] = Median(seconds);
            Console.WriteLine($"  {verb,-36} {medians[verb].ToString("0.000", CultureInfo.InvariantCulture)} s");
        }

        return medians;
    }

    private static async Task<int> CompiledAsync(Starter starter, DirectoryInfo folder)
    {
        var list = Path.Combine(folder.FullName, "compiled.txt");
        File.Delete(list);
        await FirstAnswer.OfAsync(starter, Forward, ("DOTNET_JitStdOutFile", list), ("DOTNET_JitDisasmSummary", "1"));
        return File.ReadLines(list).Count(line => !line.Contains("Tier1", StringComparison.Ordinal));
    }

    private static Starter Gateway(string name, string upstream, params string[] program) => new(
        name,
        [.. program, "run", "--config", Path.Combine(AppContext.BaseDirectory, "yarp.json"), "--urls", "http://127.0.0.1:{port}"],
        ("CALCOM_BASE_URL", upstream), ("CALCOM_API_KEY", "cal_test_benchmark"), ("CalGateway__Management__Url", "http://127.0.0.1:0"));

    private static string Told(IEnumerable<FirstAnswer> starts, Func<FirstAnswer, double> value) => Median(starts.Select(value)).ToString("0.000", CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : double.NaN;
}
