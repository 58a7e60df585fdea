using System.Globalization;

namespace CalGateway.Benchmarks;

/// <summary>
/// Measures servers side by side: in every round each one in turn, so that what disturbs the machine disturbs all of them. The speed of a shared
/// machine changes within a second, so turns are short and rounds many; and no two runs of a .NET program are compiled quite alike, which is worth
/// some hundredths, so there are heats, each with processes of its own. What is compared is processor time a request; the first entrant is the
/// measure of the others.
/// </summary>
/// <param name="Heats">How often all are started.</param>
/// <param name="Rounds">How often each has its turn in a heat.</param>
/// <param name="Turn">How long one is.</param>
internal sealed record Contest(int Heats, int Rounds, TimeSpan Turn)
{
    private const int Connections = 16;

    /// <summary>Long enough for the JIT's last tier: its work, and the slower code that it replaces, would count otherwise.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(25);

    public async Task RunAsync(string title, IReadOnlyList<Entrant> entrants)
    {
        var costs = entrants.Select(_ => new List<double>(Heats * Rounds)).ToList();
        for (var heat = 0; heat < Heats; heat++)
            await RunHeatAsync(entrants, costs);
        Report(title, entrants, costs);
    }

    private async Task RunHeatAsync(IReadOnlyList<Entrant> entrants, List<List<double>> costs)
    {
        var servers = new List<Server>();
        var clients = new List<LoadClient>();
        try
        {
            foreach (var entrant in entrants)
            {
                servers.Add(await entrant.StartAsync(processor: 0));
                using var client = await LoadClient.ConnectAsync(servers[^1].Port, entrant.Path, Connections);
                await client.RunAsync(WarmUp);
            }

            foreach (var (entrant, server) in entrants.Zip(servers))
                clients.Add(await LoadClient.ConnectAsync(server.Port, entrant.Path, Connections));
            for (var round = 0; round < Rounds; round++)
            {
                // Who comes after whom makes a difference as well: what is alike leaves caches that suit.
                foreach (var at in Enumerable.Range(0, entrants.Count).Shuffle())
                    costs[at].Add(await MicrosecondsAsync(servers[at], clients[at]));
            }
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
            foreach (var server in servers)
                await server.DisposeAsync();
        }
    }

    private async Task<double> MicrosecondsAsync(Server server, LoadClient client)
    {
        var before = server.ProcessorTime();
        var requests = await client.RunAsync(Turn);
        return (server.ProcessorTime() - before).TotalMicroseconds / requests;
    }

    private void Report(string title, IReadOnlyList<Entrant> entrants, List<List<double>> costs)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"\n{title}\n  {Heats} heats of {Rounds} rounds of {Turn.TotalMilliseconds:0} ms, {Connections} connections, one processor; median; median of the rounds' ratios [a quarter below, a quarter above]; of each heat"));
        foreach (var (entrant, own) in entrants.Zip(costs))
        {
            var ratios = own.Zip(costs[0], (cost, measure) => cost / measure).ToList();
            var (lower, median, upper) = (Quantile(ratios, 0.25), Quantile(ratios, 0.5), Quantile(ratios, 0.75));
            var heats = string.Join(' ', ratios.Chunk(Rounds).Select(heat => Quantile(heat, 0.5).ToString("0.000", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {entrant.Name,-40} {Quantile(own, 0.5),6:0.0} us   {median:0.000}x [{lower:0.000}, {upper:0.000}]   {heats}"));
        }
    }

    private static double Quantile(IReadOnlyCollection<double> values, double share) => values.Order().ElementAt((int)(values.Count * share));
}
