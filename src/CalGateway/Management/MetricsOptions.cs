using CalGateway.Configuration;
using CalGateway.Management.Listeners;

namespace CalGateway.Management;

/// <summary><c>CalGateway:Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    /// <summary>
    /// The address of a listener for <c>/metrics</c> alone, for a Prometheus on another machine: scheme (only http), host and port, such as
    /// <c>http://*:9464</c>. Empty, the default, for none. Read at start, so a change needs a restart.
    /// </summary>
    public string Url { get; set; } = "";

    public IEnumerable<Finding> Validate() => ListenerRules.Readable(Url, "Metrics:Url", "http://*:9464");
}
