namespace CalGateway.Benchmarks;

/// <summary>What a hit costs by how much is told of it: nothing at all, metrics, metrics and no sampled trace, metrics and every trace.</summary>
internal static class TelemetryCost
{
    private const string Hit = "/calcom/v2/event-types";

    public static async Task RunAsync(int rounds, TimeSpan turn)
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            throw new PlatformNotSupportedException("Processor time is read from /proc, and client and server want a processor each.");
        System.Diagnostics.Process.GetCurrentProcess().ProcessorAffinity = 2;
        await using var upstream = await Server.StartAsync(
            "upstream", Hit, 1, ["dotnet", Path.Combine(AppContext.BaseDirectory, "CalGateway.Benchmarks.dll"), "peer", "kestrel", "{port}"]);

        // Nobody listens there: what is exported is made and sent all the same.
        var exporting = ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{Server.FreePort()}");
        await using var off = await StartAsync("telemetry off (OTEL_SDK_DISABLED)", upstream, ("OTEL_SDK_DISABLED", "true"));
        await using var shipped = await StartAsync("as shipped: metrics", upstream);
        await using var sampledOut = await StartAsync("metrics, traces sampled out", upstream, exporting, ("OTEL_TRACES_SAMPLER", "always_off"));
        await using var rarely = await StartAsync(
            "metrics, one trace in a thousand", upstream, exporting, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.001"));
        await using var sampled = await StartAsync("metrics, every trace", upstream, exporting);
        await new Contest("A hit, by how much is told of it", [off, shipped, sampledOut, rarely, sampled], rounds, turn).RunAsync();
    }

    private static Task<Server> StartAsync(string name, Server upstream, params (string Name, string Value)[] variables)
    {
        var folder = AppContext.BaseDirectory;
        var environment = new Dictionary<string, string>
        {
            ["CALCOM_BASE_URL"] = $"http://127.0.0.1:{upstream.Port}",
            ["CALCOM_API_KEY"] = "cal_test_benchmark",
            ["CalGateway__Management__Url"] = $"http://127.0.0.1:{Server.FreePort()}",
        };
        foreach (var (variable, value) in variables)
            environment[variable] = value;
        return Server.StartAsync(
            name, Hit, 0, ["dotnet", Path.Combine(folder, "CalGateway.dll"), "run", "--config", Path.Combine(folder, "yarp.json"), "--urls", "http://127.0.0.1:{port}"],
            environment);
    }
}
