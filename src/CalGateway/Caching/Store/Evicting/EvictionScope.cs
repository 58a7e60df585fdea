namespace CalGateway.Caching.Store.Evicting;

/// <summary>The answers that an eviction concerns: stored ones, fills in flight, and remembered failures.</summary>
internal abstract record EvictionScope
{
    private EvictionScope()
    {
    }

    /// <param name="owner">The hash of the caller's own token that signed the request; null if an account of the gateway signed it.</param>
    public abstract bool Covers(string policy, string[] tags, string? owner);

    /// <summary>
    /// Answers that have a tag, whose policy has it now, or whose policy has its name: the policy's tags may have been edited since the answers were stored,
    /// on this gateway or on the one that evicts.
    /// </summary>
    public sealed record OfTag(string Tag, IReadOnlySet<string> Policies) : EvictionScope
    {
        public override bool Covers(string policy, string[] tags, string? owner) =>
            tags.Contains(Tag, StringComparer.OrdinalIgnoreCase) || Policies.Contains(policy) || policy.Equals(Tag, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Answers for one caller's own token.</summary>
    public sealed record OfToken(string Owner) : EvictionScope
    {
        public override bool Covers(string policy, string[] tags, string? owner) => owner == Owner;
    }

    public sealed record Everything : EvictionScope
    {
        public override bool Covers(string policy, string[] tags, string? owner) => true;
    }
}
