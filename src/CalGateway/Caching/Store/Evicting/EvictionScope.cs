namespace CalGateway.Caching.Store.Evicting;

/// <summary>The answers that an eviction concerns: stored ones, fills in flight, and remembered failures.</summary>
internal abstract record EvictionScope
{
    private EvictionScope()
    {
    }

    /// <param name="policy">The policy of an answer.</param>
    /// <param name="tags">The tags of the answer.</param>
    /// <param name="owner">The hash of the caller's own token that signed the request; null if an account of the gateway signed it.</param>
    public abstract bool Covers(string policy, string[] tags, string? owner);

    /// <summary>Answers that have a tag, or whose policy has it now: the policy may have been edited since they were stored.</summary>
    public sealed record OfTag(string Tag, IReadOnlySet<string> Policies) : EvictionScope
    {
        public override bool Covers(string policy, string[] tags, string? owner) =>
            tags.Contains(Tag, StringComparer.OrdinalIgnoreCase) || Policies.Contains(policy);
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
