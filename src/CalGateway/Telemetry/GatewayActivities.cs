using System.Diagnostics;

namespace CalGateway.Telemetry;

/// <summary>The source of the gateway's own spans, beside those of the framework, of YARP and of HttpClient.</summary>
internal static class GatewayActivities
{
    public static readonly ActivitySource Source = new(GatewayMetrics.MeterName);

    /// <summary>
    /// Begins a trace for requests that the gateway itself initiates. Returns null if no exporter records traces. In either case, requests that are sent
    /// afterwards do not belong to the trace that was current before.
    /// </summary>
    /// <param name="purpose">The name of the first span, in two words.</param>
    /// <param name="cause">The span that caused the requests, which the trace links to; null if there is none, or it is not recorded.</param>
    public static Activity? StartTrace(string purpose, ActivityContext? cause = null)
    {
        Activity.Current = null;
        return Source.StartActivity(purpose, ActivityKind.Internal, parentContext: default, links: cause is { } link ? [new ActivityLink(link)] : null);
    }
}
