namespace CalGateway.Caching.Store.Evicting;

/// <summary>Which answers an eviction is about: stored ones, those in flight, and remembered failures.</summary>
internal abstract record EvictionScope
{
    private EvictionScope()
    {
    }

    /// <param name="policy">Under which an answer is stored.</param>
    /// <param name="tags">Its tags.</param>
    /// <param name="owner">The hash of the caller's token that it is stored for; null for the gateway's own accounts.</param>
    public abstract bool Covers(string policy, string[] tags, string? owner);

    /// <summary>Answers that have a tag, or whose policy has it by now: it may have been edited since they were stored.</summary>
    public sealed record OfTag(string Tag, IReadOnlySet<string> Policies) : EvictionScope
    {
        public override bool Covers(string policy, string[] tags, string? owner) =>
            tags.Contains(Tag, StringComparer.OrdinalIgnoreCase) || Policies.Contains(policy);
    }

    /// <summary>Answers that are stored for one caller's token.</summary>
    public sealed record OfToken(string Owner) : EvictionScope
    {
        public override bool Covers(string policy, string[] tags, string? owner) => owner == Owner;
    }

    public sealed record Everything : EvictionScope
    {
        public override bool Covers(string policy, string[] tags, string? owner) => true;
    }
}
