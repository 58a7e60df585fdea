using System.Globalization;

namespace CalGateway.Telemetry;

/// <summary>Reads the sampler from OpenTelemetry's own variables.</summary>
internal static class Sampling
{
    /// <summary>
    /// True if the sampler records no trace, whatever a caller's <c>traceparent</c> says. Tracing is then not set up: spans would be made and thrown away.
    /// </summary>
    public static bool RecordsNothing(IConfiguration variables) => variables["OTEL_TRACES_SAMPLER"]?.ToLowerInvariant() switch
    {
        "always_off" => true,
        "traceidratio" => double.TryParse(variables["OTEL_TRACES_SAMPLER_ARG"], CultureInfo.InvariantCulture, out var ratio) && ratio == 0,
        _ => false,
    };
}
