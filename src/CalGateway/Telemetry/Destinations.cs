using System.Globalization;

namespace CalGateway.Telemetry;

/// <summary>Whether traces and metrics are exported by OTLP, by OpenTelemetry's own variables. Prometheus can scrape metrics in either case.</summary>
internal sealed record Destinations(bool TracesByOtlp, bool MetricsByOtlp)
{
    private static readonly string[] Endpoints =
        ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"];

    public static Destinations From(IConfiguration variables)
    {
        var isOn = Endpoints.Any(name => variables[name] is { Length: > 0 });
        return new Destinations(
            isOn && !IsNone(variables["OTEL_TRACES_EXPORTER"]),
            isOn && !IsNone(variables["OTEL_METRICS_EXPORTER"]));
    }

    /// <summary>True if OpenTelemetry is switched off altogether, including <c>/metrics</c>.</summary>
    public static bool AreDisabled(IConfiguration variables) => string.Equals(variables["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>True if the sampler records no trace, whatever a caller's <c>traceparent</c> says. Tracing is then not set up.</summary>
    public static bool RecordNoTrace(IConfiguration variables) => variables["OTEL_TRACES_SAMPLER"]?.ToLowerInvariant() switch
    {
        "always_off" => true,
        "traceidratio" => double.TryParse(variables["OTEL_TRACES_SAMPLER_ARG"], CultureInfo.InvariantCulture, out var ratio) && ratio == 0,
        _ => false,
    };

    private static bool IsNone(string? exporter) => string.Equals(exporter, "none", StringComparison.OrdinalIgnoreCase);
}
