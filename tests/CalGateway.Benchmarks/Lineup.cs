using CalGateway.Benchmarks.Peers;

namespace CalGateway.Benchmarks;

/// <summary>Who is measured against whom: the servers on processor 0, the upstream and the client on processor 1.</summary>
internal static class Lineup
{
    private const string Hit = "/calcom/v2/event-types";
    private const string Forward = "/calcom/v2/me";

    private static string Folder => AppContext.BaseDirectory;

    public static async Task RunAsync(int rounds, TimeSpan turn)
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            throw new PlatformNotSupportedException("Processor time is read from /proc, and client and server want a processor each.");
        System.Diagnostics.Process.GetCurrentProcess().ProcessorAffinity = 2;

        var files = Directory.CreateTempSubdirectory("calgateway-benchmarks-");
        try
        {
            await using var kestrel = await Server.StartAsync("bare Kestrel, from memory", Hit, 0, Peer("kestrel"));
            await using var upstream = await Server.StartAsync("upstream", Hit, 1, Peer("kestrel"));
            var address = $"http://127.0.0.1:{upstream.Port}";

            await using var gateway = await StartGatewayAsync(address);
            await using var cached = await Server.StartAsync("bare YARP + ASP.NET output caching, hit", Hit, 0, Peer("yarp-cached", address));
            await using var nginx = Nginx.Path is null ? null : await Server.StartAsync("NGINX proxy_cache, hit", Hit, 0, Nginx.Command(files, address));
            List<Server> hits = [kestrel, gateway, cached, .. nginx is null ? Array.Empty<Server>() : [nginx]];
            await new Contest("A hit on a list of three event types", hits, rounds, turn).RunAsync();

            await Allocations.PrintAsync(address, Hit, Forward);

            await using var yarp = await Server.StartAsync("bare YARP with the two headers", Forward, 0, Peer("yarp", address));
            await using var forwarding = await StartGatewayAsync(address, Forward);
            await new Contest("A forward", [yarp, forwarding], rounds, turn).RunAsync();
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static string[] Peer(string kind, params string[] arguments) =>
        ["dotnet", Path.Combine(Folder, "CalGateway.Benchmarks.dll"), "peer", kind, "{port}", .. arguments];

    private static Task<Server> StartGatewayAsync(string upstream, string path = Hit) => Server.StartAsync(
        path == Hit ? "CalGateway as shipped, hit" : "CalGateway as shipped, forward", path, 0,
        ["dotnet", Path.Combine(Folder, "CalGateway.dll"), "run", "--config", Path.Combine(Folder, "yarp.json"), "--urls", "http://127.0.0.1:{port}"],
        new Dictionary<string, string>
        {
            ["CALCOM_BASE_URL"] = upstream,
            ["CALCOM_API_KEY"] = "cal_test_benchmark",
            ["CalGateway__Management__Url"] = $"http://127.0.0.1:{Server.FreePort()}",
        });
}
