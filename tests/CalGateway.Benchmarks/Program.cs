using System.Globalization;
using CalGateway.Benchmarks;
using CalGateway.Benchmarks.Peers;

if (args is ["soak", .. var minutes])
{
    await Soak.RunAsync(TimeSpan.FromMinutes(minutes is [var told] ? double.Parse(told, CultureInfo.InvariantCulture) : 10));
    return;
}

if (args is ["telemetry", .. var telling])
{
    await TelemetryCost.RunAsync(
        rounds: telling is [var times, ..] ? int.Parse(times, CultureInfo.InvariantCulture) : 15,
        turn: TimeSpan.FromSeconds(telling is [_, var seconds] ? double.Parse(seconds, CultureInfo.InvariantCulture) : 2));
    return;
}

if (args is ["allocations", var upstreamAddress])
{
    await Allocations.PrintAsync(upstreamAddress, "/calcom/v2/event-types", "/calcom/v2/me");
    return;
}

if (args is ["peer", var kind, var peerPort, .. var rest])
{
    Peer.Run(kind, int.Parse(peerPort, CultureInfo.InvariantCulture), rest is [var address] ? address : "");
    return;
}

// dotnet run -c Release --project tests/CalGateway.Benchmarks [-- ROUNDS SECONDS [hit | forward] | soak MINUTES | telemetry ROUNDS SECONDS]
var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 21;
var turn = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 1);
await Lineup.RunAsync(rounds, turn, only: args.Length > 2 ? args[2] : null);
