using CalGateway.Configuration;

namespace CalGateway.Caching;

/// <summary><c>CalGateway:Cache</c>.</summary>
internal sealed class CacheOptions
{
    /// <summary>By the name that a route's <c>OutputCachePolicy</c> gives. <c>event-types</c> is there without being written.</summary>
    public Dictionary<string, CachePolicyOptions> Policies { get; set; } =
        new(StringComparer.OrdinalIgnoreCase) { [CachePolicyOptions.EventTypesName] = CachePolicyOptions.EventTypes() };

    public CachePolicyOptions? Find(string name) => Policies.GetValueOrDefault(name);

    public IEnumerable<Finding> Validate() =>
        from policy in Policies
        from problem in policy.Value.Validate(policy.Key)
        select Finding.Error(problem.Message, $"{GatewayOptions.Section}:Cache:Policies:{policy.Key}:{problem.Setting}");
}
