using CalGateway.Caching.Plans;

namespace CalGateway.Configuration;

/// <summary>The <c>CalGateway</c> section of <c>yarp.json</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "CalGateway";

    public CacheOptions Cache { get; set; } = new();
}
