using System.Diagnostics.Metrics;
using CalGateway.Journey.Callers;
using CalGateway.Pages;
using CalGateway.Telemetry.Durations;
using CalGateway.Telemetry.Logs;
using CalGateway.Telemetry.Recent;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CalGateway.Telemetry;

/// <summary>Traces and metrics by OpenTelemetry, logs by the framework.</summary>
internal static class TelemetryExtensions
{
    private const string ServiceName = "calgateway";

    /// <param name="forPeople">True in development and with the sandbox: traces are also printed to the console, one block each, and the log is text.</param>
    /// <param name="logs">Gives the log settings in force.</param>
    /// <param name="credentials">Gives the keys of all accounts, which no span may hold.</param>
    public static void AddTelemetry(
        this WebApplicationBuilder builder, bool forPeople, Func<IServiceProvider, LogOptions> logs, Func<IEnumerable<Credential>> credentials)
    {
        builder.Services.AddSingleton<GatewayMetrics>().AddSingleton<WatchMetrics>();
        builder.Services.AddSingleton<ServerDurations>().AddSingleton<UpstreamDurations>();
        builder.Services.AddSingleton<DurationPublisher>().AddHostedService(services => services.GetRequiredService<DurationPublisher>());
        builder.Services.AddSingleton<RecentActivity>().AddHostedService<RecentActivityTimer>();
        builder.AddLogs(forPeople, logs);

        var destinations = Destinations.From(builder.Configuration);
        var telemetry = builder.Services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(Measure);

        // Without a destination tracing is not set up: spans would be made and thrown away.
        if ((forPeople || destinations.TracesByOtlp) && !Destinations.RecordNoTrace(builder.Configuration))
            telemetry.WithTracing(tracing => Trace(tracing, toConsole: forPeople, credentials));
        Export(telemetry, destinations);
    }

    /// <summary>Builds what collects metrics and traces beside the request pipeline, which takes as long; else the host would at its start.</summary>
    public static Task PrepareTelemetryAsync(this IServiceProvider services) =>
        Task.Run(() => (services.GetService<MeterProvider>(), services.GetService<TracerProvider>()));

    /// <summary>Maps <c>/metrics</c> on the listener of <paramref name="endpoints"/>.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints, IServiceProvider gateway)
    {
        const string path = "/metrics";
        if (Destinations.AreDisabled(gateway.GetRequiredService<IConfiguration>()))
            endpoints.MapRead(path, _ => TypedResults.Text("OTEL_SDK_DISABLED is set: there are no metrics.\n", statusCode: StatusCodes.Status404NotFound));
        else
            endpoints.MapPrometheusScrapingEndpoint(path, gateway.GetRequiredService<MeterProvider>(), configureBranchedPipeline: null, optionsName: null);
    }

    private static void AddLogs(this WebApplicationBuilder builder, bool forPeople, Func<IServiceProvider, LogOptions> options)
    {
        builder.Services.AddSingleton<AccessLog>();
        builder.Services.AddSingleton(services => new ConsoleFormat(options(services).Format, isAutoJson: !forPeople && Console.IsOutputRedirected));
        ConsoleFormat.AddFormatters(builder.Logging);
        builder.Services.AddSingleton<IConfigureOptions<ConsoleLoggerOptions>>(services => services.GetRequiredService<ConsoleFormat>());
        builder.Services.AddSingleton<IOptionsChangeTokenSource<ConsoleLoggerOptions>>(services => services.GetRequiredService<ConsoleFormat>());

        // Traces and access lines tell what happened to a request. YARP's information lines would hold whole URLs, with their queries.
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Yarp", LogLevel.Error).AddFilter("System", LogLevel.Warning);

        // RunCommand says why the host could not start, and the envelope logs what fails in a request.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical).AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
    }

    /// <summary>OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are read last, so that they take precedence.</summary>
    private static void Describe(ResourceBuilder resource) => resource
        .Clear()
        .AddTelemetrySdk()
        .AddService(ServiceName, serviceVersion: ProductVersion.Text)
        .AddEnvironmentVariableDetector();

    private static void Measure(MeterProviderBuilder metrics) => metrics
        .AddMeter(GatewayMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", CalComClientMeters.Name)
        .AddView(ViewOf)
        // Dropped for their cost: each is updated at every request, and the conventions do not require them. open_connections costs most, because a
        // connection becomes busy and idle again with each request.
        .AddView("http.client.active_requests", MetricStreamConfiguration.Drop)
        .AddView("http.client.request.time_in_queue", MetricStreamConfiguration.Drop)
        .AddView("http.client.open_connections", MetricStreamConfiguration.Drop)
        .AddPrometheusExporter(options => options.ScopeInfoEnabled = false);

    /// <summary>Minimum and maximum are left out: <see cref="DurationTallies{TKind}"/> publishes the means of buckets, so they would be wrong.</summary>
    private static MetricStreamConfiguration? ViewOf(Instrument instrument) => instrument.Name switch
    {
        UpstreamDurations.ClientName when CalComClientMeters.Made(instrument) => MetricStreamConfiguration.Drop,
        ServerDurations.Name or UpstreamDurations.ClientName => WithoutExtremes(DurationBuckets.OfConventions),
        UpstreamDurations.Name => WithoutExtremes(DurationBuckets.OfUpstream),
        _ => null,
    };

    private static ExplicitBucketHistogramConfiguration WithoutExtremes(double[] boundaries) => new() { Boundaries = boundaries, RecordMinMax = false };

    private static void Trace(TracerProviderBuilder tracing, bool toConsole, Func<IEnumerable<Credential>> credentials)
    {
        // The framework's own sources: the server span, YARP's forwarder, HttpClient's span.
        tracing.AddSource(GatewayMetrics.MeterName, "Microsoft.AspNetCore", "Yarp.ReverseProxy", "System.Net.Http");
        tracing.AddProcessor(new AddressRedaction(credentials)); // before the exporters
        if (toConsole)
            tracing.AddProcessor(new SimpleActivityExportProcessor(new TraceConsoleExporter(new ConsoleExporterOptions())));
    }

    /// <summary>UseOtlpExporter reads the variables of each signal, but cannot export one signal alone.</summary>
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
