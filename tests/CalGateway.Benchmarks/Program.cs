using System.Globalization;
using CalGateway.Benchmarks;
using CalGateway.Benchmarks.Chaos;
using CalGateway.Benchmarks.Ending;
using CalGateway.Benchmarks.Growing;
using CalGateway.Benchmarks.Peers;
using CalGateway.Benchmarks.Starting;

if (args is ["soak", .. var minutes])
{
    await Soak.RunAsync(TimeSpan.FromMinutes(minutes is [var told] ? double.Parse(told, CultureInfo.InvariantCulture) : 10));
    return;
}

if (args is ["chaos", .. var howLong])
{
    await ChaosRun.RunAsync(TimeSpan.FromMinutes(howLong is [var given] ? double.Parse(given, CultureInfo.InvariantCulture) : 10));
    return;
}

if (args is ["drain", .. var ends])
{
    await Drain.RunAsync(ends is [var often] ? int.Parse(often, CultureInfo.InvariantCulture) : 20);
    return;
}

if (args is ["shadow", .. var turns])
{
    await ShadowCost.RunAsync(turns is [var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 15);
    return;
}

if (args is ["quota", .. var wishes])
{
    var redis = wishes.FirstOrDefault(wish => wish.StartsWith("redis=", StringComparison.Ordinal))?[6..];
    await QuotaLoad.RunAsync(windows: 3, gateways: wishes.Contains("three") ? 3 : 1, withForeigner: wishes.Contains("foreign"), redis);
    return;
}

if (args is ["growth", .. var rounds])
{
    await new Growth(rounds is [var times] ? int.Parse(times, CultureInfo.InvariantCulture) : 40, TimeSpan.FromMilliseconds(150)).RunAsync();
    return;
}

if (args is ["start", .. var starts])
{
    await new Starts(starts is [var often] ? int.Parse(often, CultureInfo.InvariantCulture) : 15).RunAsync();
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

// dotnet run -c Release --project tests/CalGateway.Benchmarks [-- all | hit | forward | telemetry [HEATS [ROUNDS [MILLISECONDS]]] | growth [ROUNDS] | quota [foreign] [three] [redis=HOST:PORT] | shadow [ROUNDS] | soak MINUTES | chaos MINUTES | drain ENDS]
var what = args is [var named, ..] ? named : "all";
int Number(int place, int unless) => args.Length > place ? int.Parse(args[place], CultureInfo.InvariantCulture) : unless;
await Lineup.RunAsync(new Contest(Heats: Number(1, 3), Rounds: Number(2, 100), TimeSpan.FromMilliseconds(Number(3, 150))), what);
