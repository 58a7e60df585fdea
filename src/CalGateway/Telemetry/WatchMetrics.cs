using System.Diagnostics.Metrics;

namespace CalGateway.Telemetry;

/// <summary>Counts failures in the background. Separate from <see cref="GatewayMetrics"/>, because parts of that are watched themselves.</summary>
internal sealed class WatchMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _failures = meters.Create(GatewayMetrics.MeterName).CreateCounter<long>(
        "calgateway.watch.failures", "{failure}", "Looks at the settings, a key file or another thing watched that failed by a fault of the gateway's own.");

    public void Failed(string what) => _failures.Add(1, new KeyValuePair<string, object?>("watch", what));
}
