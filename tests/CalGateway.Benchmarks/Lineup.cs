using CalGateway.Benchmarks.Peers;

namespace CalGateway.Benchmarks;

/// <summary>Who is measured against whom: the servers on processor 0, the upstream and the client on processor 1.</summary>
internal static class Lineup
{
    private const string Hit = "/calcom/v2/event-types";
    private const string Forward = "/calcom/v2/me";

    private static string Folder => AppContext.BaseDirectory;

    /// <param name="rounds">How often each server has its turn.</param>
    /// <param name="turn">How long one is.</param>
    /// <param name="only"><c>hit</c> or <c>forward</c>; null for both.</param>
    public static async Task RunAsync(int rounds, TimeSpan turn, string? only)
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            throw new PlatformNotSupportedException("Processor time is read from /proc, and client and server want a processor each.");
        System.Diagnostics.Process.GetCurrentProcess().ProcessorAffinity = 2;

        var files = Directory.CreateTempSubdirectory("calgateway-benchmarks-");
        try
        {
            await using var upstream = await Server.StartAsync("upstream", Hit, 1, Peer("kestrel"));
            var address = $"http://127.0.0.1:{upstream.Port}";
            if (only is null or "hit")
                await HitAsync(rounds, turn, address, files);
            if (only is null)
                await Allocations.PrintAsync(address, Hit, Forward);
            if (only is null or "forward")
                await ForwardAsync(rounds, turn, address);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static async Task HitAsync(int rounds, TimeSpan turn, string upstream, DirectoryInfo files)
    {
        await using var kestrel = await Server.StartAsync("bare Kestrel, from memory", Hit, 0, Peer("kestrel"));
        await using var gateway = await StartGatewayAsync("CalGateway as shipped, hit", upstream, Hit);
        await using var cached = await Server.StartAsync("bare YARP + ASP.NET output caching, hit", Hit, 0, Peer("yarp-cached", upstream));
        await using var nginx = Nginx.Path is null ? null : await Server.StartAsync("NGINX proxy_cache, hit", Hit, 0, Nginx.Command(files, upstream));
        List<Server> servers = [kestrel, gateway, cached, .. nginx is null ? Array.Empty<Server>() : [nginx]];
        await new Contest("A hit on a list of three event types", servers, rounds, turn).RunAsync();
    }

    private static async Task ForwardAsync(int rounds, TimeSpan turn, string upstream)
    {
        await using var yarp = await Server.StartAsync("bare YARP with the two headers", Forward, 0, Peer("yarp", upstream));
        await using var gateway = await StartGatewayAsync("CalGateway as shipped, forward", upstream, Forward);
        await using var untold = await StartGatewayAsync("CalGateway, forward, telemetry off", upstream, Forward, ("OTEL_SDK_DISABLED", "true"));
        await using var metered = await Server.StartAsync("bare YARP, HTTP metrics collected", Forward, 0, Peer("yarp-metered", upstream));
        await new Contest("A forward", [yarp, gateway, untold, metered], rounds, turn).RunAsync();
    }

    private static string[] Peer(string kind, params string[] arguments) =>
        ["dotnet", Path.Combine(Folder, "CalGateway.Benchmarks.dll"), "peer", kind, "{port}", .. arguments];

    private static Task<Server> StartGatewayAsync(string name, string upstream, string path, params (string Name, string Value)[] variables) => Server.StartAsync(
        name, path, 0,
        ["dotnet", Path.Combine(Folder, "CalGateway.dll"), "run", "--config", Path.Combine(Folder, "yarp.json"), "--urls", "http://127.0.0.1:{port}"],
        new Dictionary<string, string>(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)))
        {
            ["CALCOM_BASE_URL"] = upstream,
            ["CALCOM_API_KEY"] = "cal_test_benchmark",
            ["CalGateway__Management__Url"] = $"http://127.0.0.1:{Server.FreePort()}",
        });
}
