using System.Globalization;
using CalGateway.Commands;

namespace CalGateway.Benchmarks;

/// <summary>
/// What a request allocates, measured in this process with the gateway in it as it ships: the client allocates nothing,
/// so what comes up is the server's.
/// </summary>
internal static class Allocations
{
    private const int Connections = 16;

    public static async Task PrintAsync(string upstream, params string[] paths)
    {
        var port = Server.FreePort();
        var environment = new Dictionary<string, string?>
        {
            ["CALCOM_BASE_URL"] = upstream,
            ["CALCOM_API_KEY"] = "cal_test_benchmark",
            ["CalGateway__Management__Url"] = $"http://127.0.0.1:{Server.FreePort()}",
        };
        var settings = Path.Combine(AppContext.BaseDirectory, "yarp.json");
        await using var gateway = RunCommand.Build(new Launch(settings, Sandbox: false, $"http://127.0.0.1:{port}", environment));
        await gateway.StartAsync();

        Console.WriteLine("\nAllocated a request, CalGateway as shipped");
        foreach (var path in paths)
        {
            using var client = await LoadClient.ConnectAsync(port, path, Connections);
            await client.RunAsync(TimeSpan.FromSeconds(1));
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var requests = await client.RunAsync(TimeSpan.FromSeconds(2));
            var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / requests;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {path,-40} {bytes,7} bytes"));
        }

        await gateway.StopAsync();
    }
}
