using System.Diagnostics.Metrics;
using CalGateway.CalCom.Traffic;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Logs;
using CalGateway.Telemetry.Pulse;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CalGateway.Telemetry;

/// <summary>What happened: traces, metrics and logs, by OpenTelemetry.</summary>
internal static class TelemetryExtensions
{
    private const string ServiceName = "calgateway";

    /// <param name="builder">The host's.</param>
    /// <param name="forPeople">Somebody tries it or works on it: traces go to the console as well, one block each, and the log is text.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, bool forPeople)
    {
        builder.Services.AddSingleton<GatewayMetrics>();
        builder.Services.AddSingleton<RequestDurations>().AddSingleton<ITallied>(provider => provider.GetRequiredService<RequestDurations>());
        builder.Services.AddHostedService<DurationTimer>();
        builder.Services.AddSingleton<AccessLog>();
        builder.Services.AddSingleton(provider => new LogForm(provider.GetRequiredService<Revisions>(), forPeople || !Console.IsOutputRedirected));
        builder.Services.AddSingleton<PulseRecorder>().AddHostedService<PulseTimer>();
        builder.Logging.AddGatewayConsole();

        var destinations = Destinations.From(builder.Configuration);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(Measure);

        // Spans that nobody gets to see would still be made, tagged and thrown away.
        if ((forPeople || destinations.TracesByOtlp) && !Sampling.LeavesOutAll(builder.Configuration))
            telemetry.WithTracing(tracing => Trace(tracing, toConsole: forPeople));
        Export(telemetry, destinations);
    }

    /// <summary><c>/metrics</c>, on whatever listener it is mapped.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints, IServiceProvider gateway)
    {
        const string path = "/metrics";
        if (Destinations.AreDisabled(gateway.GetRequiredService<IConfiguration>()))
            endpoints.MapGet(path, () => TypedResults.Text("OTEL_SDK_DISABLED is set: there are no metrics.\n", statusCode: StatusCodes.Status404NotFound));
        else
            endpoints.MapPrometheusScrapingEndpoint(path, gateway.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null);
    }

    /// <summary>OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so that they win.</summary>
    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddTelemetrySdk()
        .AddService(ServiceName, serviceVersion: typeof(TelemetryExtensions).Assembly.GetName().Version!.ToString(3))
        .AddEnvironmentVariableDetector();

    private static void Measure(MeterProviderBuilder metrics) => metrics
        .AddMeter(GatewayMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", UpstreamInstruments.ClientMeter)
        .AddView(Tallied)
        // .NET's own, or optional by the conventions; every request would pay for them, for the last (a connection turns busy, then idle) more
        // than for all the others.
        .AddView("http.client.active_requests", MetricStreamConfiguration.Drop)
        .AddView("http.client.request.time_in_queue", MetricStreamConfiguration.Drop)
        .AddView("http.client.open_connections", MetricStreamConfiguration.Drop)
        .AddPrometheusExporter(options => options.ScopeInfoEnabled = false);

    /// <summary>What is tallied is told by the means of buckets, of which the least and the greatest are neither.</summary>
    private static MetricStreamConfiguration? Tallied(Instrument instrument) => instrument.Name switch
    {
        UpstreamInstruments.ClientDuration when QuietClientMeters.AreOf(instrument) => MetricStreamConfiguration.Drop,
        RequestDurations.Name or UpstreamInstruments.ClientDuration => WithoutExtremes(DurationScale.OfConventions),
        UpstreamInstruments.Duration => WithoutExtremes(DurationScale.OfUpstream),
        _ => null,
    };

    private static ExplicitBucketHistogramConfiguration WithoutExtremes(double[] boundaries) => new() { Boundaries = boundaries, RecordMinMax = false };

    private static void Trace(TracerProviderBuilder tracing, bool toConsole)
    {
        // The framework's own sources: the server span, YARP's forwarder, HttpClient's span.
        tracing.AddSource(GatewayMetrics.MeterName, "Microsoft.AspNetCore", "Yarp.ReverseProxy", "System.Net.Http");
        tracing.AddProcessor(services => new AddressRedaction(services.GetRequiredService<Credential>())); // before whoever exports
        if (toConsole)
            tracing.AddProcessor(new SimpleActivityExportProcessor(new TraceConsoleExporter(new ConsoleExporterOptions())));
    }

    /// <summary>For both at once there are variables for each of them besides; OpenTelemetry has no such way for one alone.</summary>
    private static void Export(OpenTelemetryBuilder telemetry, Destinations destinations)
    {
        if (destinations is { TracesByOtlp: true, MetricsByOtlp: true })
            telemetry.UseOtlpExporter();
        else if (destinations.TracesByOtlp)
            telemetry.WithTracing(tracing => tracing.AddOtlpExporter());
        else if (destinations.MetricsByOtlp)
            telemetry.WithMetrics(metrics => metrics.AddOtlpExporter());
    }
}
