using System.Globalization;

namespace CalGateway.Telemetry;

/// <summary>What OpenTelemetry's own variables say of the share of traces that is recorded.</summary>
internal static class Sampling
{
    /// <summary>
    /// True where no trace is ever recorded, whatever a caller asks for: then nobody need listen, and a request has no span that is made to be
    /// thrown away.
    /// </summary>
    public static bool LeavesOutAll(IConfiguration variables) => variables["OTEL_TRACES_SAMPLER"]?.ToLowerInvariant() switch
    {
        "always_off" => true,
        "traceidratio" => double.TryParse(variables["OTEL_TRACES_SAMPLER_ARG"], CultureInfo.InvariantCulture, out var ratio) && ratio == 0,
        _ => false,
    };
}
