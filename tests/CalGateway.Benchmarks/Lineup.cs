using CalGateway.Benchmarks.Peers;

namespace CalGateway.Benchmarks;

/// <summary>Who is measured against whom: the servers on processor 0, the upstream and the client on processor 1.</summary>
internal static class Lineup
{
    private const string Hit = "/calcom/v2/event-types";
    private const string Forward = "/calcom/v2/me";

    private const int ClientsProcessor = 1;

    /// <param name="contest">The rules.</param>
    /// <param name="what"><c>hit</c>, <c>forward</c> or <c>telemetry</c>; <c>all</c> for these and what a request allocates.</param>
    public static async Task RunAsync(Contest contest, string what)
    {
        if (what is not ("all" or "hit" or "forward" or "telemetry"))
            throw new ArgumentException($"There is no contest \"{what}\"; there are all, hit, forward and telemetry.", nameof(what));
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            throw new PlatformNotSupportedException("Processor time is read by Linux's clocks, and client and server want a processor each.");
        System.Diagnostics.Process.GetCurrentProcess().ProcessorAffinity = 1 << ClientsProcessor;

        var files = Directory.CreateTempSubdirectory("calgateway-benchmarks-");
        try
        {
            await using var upstream = await Entrant.Peer("upstream", Hit, "kestrel").StartAsync(ClientsProcessor);
            var address = $"http://127.0.0.1:{upstream.Port}";
            if (what is "all" or "hit")
                await contest.RunAsync("A hit on a list of three event types", HitBy(address, files));
            if (what is "all")
                await Allocations.PrintAsync(address, Hit, Forward);
            if (what is "all" or "forward")
                await contest.RunAsync("A forward", ForwardBy(address));
            if (what is "all" or "telemetry")
                await contest.RunAsync("A hit, by how much is told of it", HitToldBy(address));
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    private static List<Entrant> HitBy(string upstream, DirectoryInfo files)
    {
        List<Entrant> entrants =
        [
            Entrant.Peer("bare Kestrel, from memory", Hit, "kestrel"),
            Entrant.Gateway("CalGateway as shipped, hit", Hit, upstream),
            Entrant.Peer("bare YARP + ASP.NET output caching, hit", Hit, "yarp-cached", upstream),
        ];
        if (Nginx.Path is not null)
            entrants.Add(new Entrant("NGINX proxy_cache, hit", Hit, Nginx.Command(files, upstream)));
        return entrants;
    }

    private static List<Entrant> ForwardBy(string upstream) =>
    [
        Entrant.Peer("bare YARP with the two headers", Forward, "yarp", upstream),
        Entrant.Gateway("CalGateway as shipped, forward", Forward, upstream),
        Entrant.Gateway("CalGateway, forward, telemetry off", Forward, upstream, ("OTEL_SDK_DISABLED", "true")),
        Entrant.Gateway("CalGateway, forward, drift not watched", Forward, upstream, ("CalGateway__Diagnosis__Drift", "false")),
        Entrant.Gateway(
            "CalGateway, forward, no quota, circuit, retry", Forward, upstream, ("CalGateway__Upstream__Quota__Enabled", "false"),
            ("CalGateway__Upstream__Circuit__Enabled", "false"), ("CalGateway__Upstream__Retry__Enabled", "false")),
        Entrant.Peer("bare YARP, HTTP metrics collected", Forward, "yarp-metered", upstream),
    ];

    /// <summary>Nothing at all, metrics, metrics and no sampled trace, metrics and every trace.</summary>
    private static List<Entrant> HitToldBy(string upstream)
    {
        // Nobody listens there: what is exported is made and sent all the same.
        var exporting = ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{Server.FreePort()}");
        return
        [
            Entrant.Gateway("telemetry off (OTEL_SDK_DISABLED)", Hit, upstream, ("OTEL_SDK_DISABLED", "true")),
            Entrant.Gateway("as shipped: metrics", Hit, upstream),
            Entrant.Gateway("metrics, traces sampled out", Hit, upstream, exporting, ("OTEL_TRACES_SAMPLER", "always_off")),
            Entrant.Gateway(
                "metrics, one trace in a thousand", Hit, upstream, exporting, ("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.001")),
            Entrant.Gateway("metrics, every trace", Hit, upstream, exporting),
        ];
    }
}
