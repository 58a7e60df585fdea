using System.Diagnostics;

namespace CalGateway.Telemetry;

/// <summary>The source of the gateway's own spans, beside those of the framework, of YARP and of HttpClient.</summary>
internal static class GatewayActivities
{
    public static readonly ActivitySource Source = new(GatewayMetrics.MeterName);

    /// <summary>
    /// Begins a trace for requests that the gateway sends of its own accord; its first span is named for the purpose. Returns null where nobody
    /// records traces. What is sent afterwards belongs to no other trace in either case.
    /// </summary>
    /// <param name="purpose">In two words.</param>
    /// <param name="cause">The request that was the cause, which the trace links to; null where there was none, or nobody records it.</param>
    public static Activity? StartTrace(string purpose, ActivityContext? cause = null)
    {
        Activity.Current = null;
        return Source.StartActivity(purpose, ActivityKind.Internal, parentContext: default, links: cause is { } link ? [new ActivityLink(link)] : null);
    }
}
