using System.Diagnostics;
using System.Globalization;

namespace CalGateway.Benchmarks;

/// <summary>
/// Measures servers side by side: in every round each one in turn, so that what disturbs the machine disturbs all of them.
/// What is compared is processor time a request; the first named is the measure of the others.
/// </summary>
internal sealed class Contest(string title, IReadOnlyList<Server> servers, int rounds, TimeSpan turn)
{
    private const int Connections = 16;

    /// <summary>Long enough for the second tier of the JIT, whose own work would count otherwise.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public async Task RunAsync()
    {
        foreach (var server in servers)
            await LoadClient.RunAsync(server.Port, server.Path, Connections, WarmUp);

        var costs = servers.ToDictionary(server => server, _ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var server in servers.Skip(round % servers.Count).Concat(servers.Take(round % servers.Count)))
                costs[server].Add(await MicrosecondsAsync(server));
        }

        Console.WriteLine($"\n{title}\n  {rounds} rounds of {turn.TotalSeconds} s each, {Connections} connections, one processor; median [least, most] of the rounds' ratios; ratio of the best rounds");
        foreach (var server in servers)
        {
            var ratios = costs[server].Zip(costs[servers[0]], (own, measure) => own / measure).Order().ToList();
            var best = costs[server].Min() / costs[servers[0]].Min();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {server.Name,-40} {costs[server].Order().ElementAt(rounds / 2),7:0.0} us   {ratios[rounds / 2]:0.000}x [{ratios[0]:0.000}, {ratios[^1]:0.000}]   {best:0.000}x"));
        }
    }

    private async Task<double> MicrosecondsAsync(Server server)
    {
        var before = server.ProcessorTime();
        var requests = await LoadClient.RunAsync(server.Port, server.Path, Connections, turn);
        return (server.ProcessorTime() - before).TotalMicroseconds / requests;
    }
}
