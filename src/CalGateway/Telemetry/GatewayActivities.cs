using System.Diagnostics;

namespace CalGateway.Telemetry;

/// <summary>The source of the gateway's own spans, beside those of the framework, of YARP and of HttpClient.</summary>
internal static class GatewayActivities
{
    public static readonly ActivitySource Source = new(GatewayMetrics.MeterName);
}
