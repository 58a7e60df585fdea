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
    /// <param name="toConsole">Traces go to the console as well, one block each.</param>
    public static void AddTelemetry(this WebApplicationBuilder builder, bool toConsole)
    {
        builder.Services.AddSingleton<GatewayMetrics>();
        builder.Services.AddSingleton<PulseRecorder>().AddHostedService<PulseTimer>();
        builder.Logging.AddGatewayConsole();

        var toOtlp = builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .WithMetrics(metrics => metrics
                .AddMeter(GatewayMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http")
                // .NET's own, or left to choice by the conventions; every forward would pay for them.
                .AddView("http.client.request.time_in_queue", MetricStreamConfiguration.Drop)
                .AddView("http.client.active_requests", MetricStreamConfiguration.Drop)
                .AddPrometheusExporter());

        // Spans that nobody gets to see would still be made, tagged and thrown away.
        if (toConsole || toOtlp)
            telemetry.WithTracing(tracing => Trace(tracing, toConsole));
        if (toOtlp)
            telemetry.UseOtlpExporter();
    }

    /// <summary><c>/metrics</c>, on whatever listener it is mapped.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints, IServiceProvider gateway) =>
        endpoints.MapPrometheusScrapingEndpoint("/metrics", gateway.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null);

    private static void Trace(TracerProviderBuilder tracing, bool toConsole)
    {
        // The framework's own sources: the server span, YARP's forwarder, HttpClient's span.
        tracing.AddSource(GatewayMetrics.MeterName, "Microsoft.AspNetCore", "Yarp.ReverseProxy", "System.Net.Http");
        if (toConsole)
            tracing.AddProcessor(new SimpleActivityExportProcessor(new TraceConsoleExporter(new ConsoleExporterOptions())));
    }
}
