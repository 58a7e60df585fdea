using CalGateway.Configuration;
using CalGateway.Management.Listeners;

namespace CalGateway.Management;

/// <summary><c>CalGateway:Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    /// <summary>
    /// Where <c>/metrics</c> alone is served, for a Prometheus on another machine. Scheme (http: there is no certificate for it), host and port, such as
    /// <c>http://*:9464</c>; empty, the default, for none. Read at start: a change wants a restart.
    /// </summary>
    public string Url { get; set; } = "";

    public IEnumerable<Finding> Validate() => ListenerRules.Readable(Url, "Metrics:Url", "http://*:9464");
}
