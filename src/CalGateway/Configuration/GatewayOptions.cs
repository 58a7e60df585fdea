using CalGateway.Access.Settings;
using CalGateway.Caching.Plans;
using CalGateway.CalCom;
using CalGateway.Configuration.Lint;
using CalGateway.Diagnosis;
using CalGateway.Management;
using CalGateway.Telemetry.Logs;

namespace CalGateway.Configuration;

/// <summary>The <c>CalGateway</c> section of <c>yarp.json</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "CalGateway";

    public AccessOptions Access { get; set; } = new();

    public CacheOptions Cache { get; set; } = new();

    public DiagnosisOptions Diagnosis { get; set; } = new();

    public LogOptions Logs { get; set; } = new();

    public ManagementOptions Management { get; set; } = new();

    /// <summary>What a version pin that the catalogue doubts leads to. <c>Warn</c> (the default) or <c>Enforce</c>.</summary>
    public PinRule Pins { get; set; } = PinRule.Warn;

    public UpstreamOptions Upstream { get; set; } = new();

    public IEnumerable<Finding> Validate() => [.. Access.Validate(), .. Cache.Validate(), .. Management.Validate()];
}
