using System.Diagnostics;
using System.Globalization;

namespace CalGateway.Benchmarks.Growing;

/// <summary>
/// What grows with the number of routes and of consumers, and what does not. Everything is told as its ratio to the smallest, which runs beside the
/// others at the same time: a shared machine is now fast and now slow.
/// </summary>
/// <param name="Rounds">How often each has its turn.</param>
/// <param name="Turn">How long one is.</param>
internal sealed record Growth(int Rounds, TimeSpan Turn)
{
    private const int ServersProcessor = 0;
    private const int ClientsProcessor = 1;
    private const int Starts = 3;
    private const string Hit = "/calcom/v2/event-types";
    private const string Forward = "/calcom/v2/me";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(6);

    /// <summary>The pause before each edit. All servers share one processor, which still compiles and collects garbage after the edit before.</summary>
    private static readonly TimeSpan AfterAnEdit = TimeSpan.FromSeconds(3);

    private static readonly GrowthCase[] Cases =
    [
        new(0, 2), new(100, 2), new(1000, 2), new(0, 100), new(0, 1000), new(0, 1000, OlderHashes: true),
    ];

    public async Task RunAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            throw new PlatformNotSupportedException("Processor time is read by Linux's clocks, and client and server want a processor each.");
        Process.GetCurrentProcess().ProcessorAffinity = 1 << ClientsProcessor;
        var folder = Directory.CreateTempSubdirectory("calgateway-growth-");
        var table = new GrowthTable([.. Cases.Select(one => one.Name)]);
        try
        {
            await using var upstream = await Entrant.Peer("upstream", Hit, "kestrel").StartAsync(ClientsProcessor);
            var files = Cases.Select(one => one.Write(folder)).ToList();
            await ChecksAsync(files, table);
            var entrants = files.Select(file => Entrant.GatewayOn(file, file, "/healthz/ready", $"http://127.0.0.1:{upstream.Port}")).ToList();
            await StartsAsync(entrants, table);
            await ServeAsync(entrants, files, table);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        table.Print();
    }

    private static async Task ChecksAsync(List<string> files, GrowthTable table)
    {
        for (var round = 0; round < Starts; round++)
        {
            foreach (var (at, file) in files.Index())
            {
                var before = ProcessorClock.OfEndedChildren();
                using var check = Process.Start(new ProcessStartInfo("dotnet", [Entrant.GatewayProgram, "check", "--config", file]) { RedirectStandardOutput = true })!;
                await check.StandardOutput.ReadToEndAsync();
                await check.WaitForExitAsync();
                table.Add("check, CPU s", at, (ProcessorClock.OfEndedChildren() - before).TotalSeconds);
            }
        }
    }

    private static async Task StartsAsync(List<Entrant> entrants, GrowthTable table)
    {
        for (var round = 0; round < Starts; round++)
        {
            foreach (var (at, entrant) in entrants.Index())
            {
                await using var server = await entrant.StartAsync(ServersProcessor);
                table.Add("start to first answer, CPU s", at, server.ProcessorTime().TotalSeconds);
            }
        }
    }

    private async Task ServeAsync(List<Entrant> entrants, List<string> files, GrowthTable table)
    {
        var servers = new List<Server>();
        try
        {
            foreach (var entrant in entrants)
                servers.Add(await entrant.StartAsync(ServersProcessor));
            await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);
            foreach (var (at, server) in servers.Index())
                table.Add("idle memory, MiB", at, server.ResidentMebibytes());

            await RequestsAsync("hit", Hit, _ => GrowthCase.KeyOf(0), 200, servers, table);
            await RequestsAsync("forward", Forward, _ => GrowthCase.KeyOf(0), 200, servers, table);
            await RequestsAsync("right key", Hit, at => GrowthCase.KeyOf(Cases[at].Consumers / 2), 200, servers, table);
            await RequestsAsync("wrong key", Hit, _ => $"cgw_benchmark-of-growth-{LoadClient.Counter}", 401, servers, table);
            for (var edit = 1; edit <= Starts; edit++)
            {
                foreach (var (at, server) in servers.Index())
                {
                    await Task.Delay(AfterAnEdit, TimeProvider.System);
                    table.Add("edit to in force, s", at, await EditAsync(files[at], server.Port, edit));
                }
            }
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }

    private async Task RequestsAsync(string what, string path, Func<int, string> key, int status, List<Server> servers, GrowthTable table)
    {
        var clients = new List<LoadClient>();
        try
        {
            foreach (var (at, server) in servers.Index())
            {
                clients.Add(await LoadClient.ConnectAsync(server.Port, path, connections: 8, $"X-Api-Key: {key(at)}\r\n", status));
                await clients[at].RunAsync(WarmUp);
            }

            for (var round = 0; round < Rounds; round++)
            {
                foreach (var at in Enumerable.Range(0, servers.Count).Shuffle())
                {
                    var before = servers[at].ProcessorTime();
                    var requests = await clients[at].RunAsync(Turn);
                    table.Add($"{what}, CPU us", at, (servers[at].ProcessorTime() - before).TotalMicroseconds / requests);
                }
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
    }

    /// <summary>An edit of the cache's policy, as seen by a caller.</summary>
    private static async Task<double> EditAsync(string file, int port, int edit)
    {
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        client.DefaultRequestHeaders.Add("X-Api-Key", GrowthCase.KeyOf(0));
        async Task<string> RevisionAsync()
        {
            using var answer = await client.GetAsync(Hit);
            return answer.Headers.GetValues("CalGateway-Revision").Single();
        }

        var text = await File.ReadAllTextAsync(file);
        var before = await RevisionAsync();
        var clock = Stopwatch.StartNew();
        await File.WriteAllTextAsync(file, System.Text.RegularExpressions.Regex.Replace(text, "\"Fresh\": \"[0-9:]+\"", $"\"Fresh\": \"00:01:{edit.ToString("00", CultureInfo.InvariantCulture)}\""));
        while (await RevisionAsync() == before)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        return clock.Elapsed.TotalSeconds;
    }
}
