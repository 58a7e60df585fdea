using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace CalGateway.Benchmarks;

/// <summary>
/// What callers notice of a shadow of all their reads: two gateways, one with it and one without, asked in turns at a steady rate that leaves the
/// processor time to spare. The gateways have one processor, the upstream and this program the other.
/// </summary>
internal static class ShadowCost
{
    private const string Read = "/calcom/v2/me";
    private const int PerSecond = 200;
    private const int GatewaysProcessor = 0;
    private const int ClientsProcessor = 1;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(int rounds)
    {
        if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            Process.GetCurrentProcess().ProcessorAffinity = 1 << ClientsProcessor;
        var files = Directory.CreateTempSubdirectory("calgateway-shadow-");
        try
        {
            await using var upstream = await Entrant.Peer("upstream", Read, "kestrel").StartAsync(ClientsProcessor);
            var address = $"http://127.0.0.1:{upstream.Port}";
            await using var without = await Entrant.GatewayOn(Settings(files, percent: 0), "without", Read, address).StartAsync(GatewaysProcessor);
            await using var with = await Entrant.GatewayOn(Settings(files, percent: 100), "with", Read, address).StartAsync(GatewaysProcessor);
            await AskAsync(without); // warm by now
            await AskAsync(with);
            await CompareAsync(without, with, rounds);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static async Task CompareAsync(Server without, Server with, int rounds)
    {
        List<double> plain = [], shadowed = [], ratios = [];
        var (before, beforeShadowed) = (without.ProcessorTime(), with.ProcessorTime());
        for (var round = 0; round < rounds; round++)
        {
            // Each of them is first every other time.
            var one = await AskAsync(round % 2 == 0 ? without : with);
            var other = await AskAsync(round % 2 == 0 ? with : without);
            var (turn, turnShadowed) = round % 2 == 0 ? (one, other) : (other, one);
            plain.AddRange(turn);
            shadowed.AddRange(turnShadowed);
            ratios.Add(Quantile(turnShadowed, 0.99) / Quantile(turn, 0.99));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            A shadow of all reads: {rounds} rounds of {Turn.TotalSeconds} s each, {PerSecond} requests a second; milliseconds
                          p50      p90      p99      requests   processor
              without     {Row(plain)} {(without.ProcessorTime() - before).TotalSeconds:0.00} s
              with        {Row(shadowed)} {(with.ProcessorTime() - beforeShadowed).TotalSeconds:0.00} s
              ratio       {Quantile(shadowed, 0.5) / Quantile(plain, 0.5),-8:0.000} {Quantile(shadowed, 0.9) / Quantile(plain, 0.9),-8:0.000} {Quantile(shadowed, 0.99) / Quantile(plain, 0.99),-8:0.000} median of the rounds' p99: {Quantile(ratios, 0.5):0.000}
            """));
    }

    private static string Row(List<double> times) => string.Create(
        CultureInfo.InvariantCulture, $"{Quantile(times, 0.5),-8:0.000} {Quantile(times, 0.9),-8:0.000} {Quantile(times, 0.99),-8:0.000} {times.Count,-10}");

    private static string Settings(DirectoryInfo files, int percent)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "yarp.json"));
        var settings = JsonNode.Parse(text, documentOptions: new() { CommentHandling = System.Text.Json.JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
        var pin = settings["ReverseProxy"]!["Routes"]!["rest"]!["Transforms"]!.AsArray().Single(transform => transform!["CalApiVersion"] is not null)!;
        pin["Shadow"] = "2026-02-25";
        pin["ShadowPercent"] = percent.ToString(CultureInfo.InvariantCulture);
        var path = Path.Combine(files.CreateSubdirectory($"shadow-{percent}").FullName, "yarp.json");
        File.WriteAllText(path, settings.ToJsonString());
        return path;
    }

    /// <summary>How long each answer took, in milliseconds.</summary>
    private static async Task<IReadOnlyList<double>> AskAsync(Server server)
    {
        using var caller = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        var asked = new List<Task<double>>();
        var start = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        while (await pace.WaitForNextTickAsync() && Stopwatch.GetElapsedTime(start) < Turn)
        {
            while (asked.Count < Stopwatch.GetElapsedTime(start).TotalSeconds * PerSecond)
                asked.Add(TimeAsync(caller));
        }

        return await Task.WhenAll(asked);
    }

    private static async Task<double> TimeAsync(HttpClient caller)
    {
        var start = Stopwatch.GetTimestamp();
        using var answer = await caller.GetAsync(Read);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Quantile(IReadOnlyList<double> times, double part) => times.Order().ElementAt((int)(part * (times.Count - 1)));
}
