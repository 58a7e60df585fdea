using System.Diagnostics.Metrics;

namespace CalGateway.Telemetry;

/// <summary>Counts what failed in the background. Apart from <see cref="GatewayMetrics"/>, whose own parts are watched as well.</summary>
internal sealed class WatchMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _failures = meters.Create(GatewayMetrics.MeterName).CreateCounter<long>(
        "calgateway.watch.failures", "{failure}", "Looks at the settings, a key file or another thing watched that failed by a fault of the gateway's own.");

    public void Failed(string what) => _failures.Add(1, new KeyValuePair<string, object?>("watch", what));
}
