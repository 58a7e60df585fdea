using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Configuration;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>Evicts, or marks as uncertain, in this process and on every gateway that shares the store.</summary>
internal sealed class Evictions(AnswerTable table, SharedAnswers shared, Revisions revisions)
{
    /// <summary>Raised before the table changes. What a fill stores before is evicted with the rest; what it brings afterwards must not be stored.</summary>
    public event Action<EvictionScope>? Evicting;

    /// <summary>Evicts by tag, on this gateway and on all others. Returns how many answers this gateway had.</summary>
    public async Task<int> EvictAsync(string tag)
    {
        // The shared store comes first: otherwise an answer that was evicted here could be read from there again.
        await PublishAsync(GatewayMessageKind.Evict, tag);
        return EvictHere(tag);
    }

    /// <summary>
    /// For a write that failed, although Cal.com may have carried it out. Cal.com is asked before the answers are served again, but they are kept: an outage
    /// must not empty the cache that bridges it.
    /// </summary>
    public async Task MarkUncertainAsync(string tag)
    {
        await PublishAsync(GatewayMessageKind.MarkUncertain, tag);
        MarkUncertainHere(ScopeOf(tag));
    }

    /// <summary>Does on this gateway what another gateway has done.</summary>
    public void Follow(GatewayMessageKind kind, string tag)
    {
        // SweepAsync notes the eviction at once, so that no older answer is read from Redis. The rest takes time and is not awaited: it must not delay the next.
        _ = shared.SweepAsync(tag);
        if (kind == GatewayMessageKind.MarkUncertain)
            MarkUncertainHere(ScopeOf(tag));
        else
            EvictHere(tag);
    }

    /// <summary>Evicts the answers for a caller's own token that Cal.com has refused. They are on this gateway only.</summary>
    public void EvictToken(string owner)
    {
        var scope = new EvictionScope.OfToken(owner);
        Evicting?.Invoke(scope);
        table.Evict(scope);
    }

    /// <summary>For when evictions of other gateways may have been missed. Cal.com is asked before any stored answer is served again.</summary>
    public void MarkAllUncertain() => MarkUncertainHere(new EvictionScope.Everything());

    /// <summary>
    /// In Redis, and for all other gateways, by the tag and by the names of the policies that have it now: a gateway whose tags are edited a moment later than
    /// those of this one knows the policies by their names.
    /// </summary>
    private async Task PublishAsync(GatewayMessageKind kind, string tag)
    {
        foreach (var name in ScopeOf(tag).Policies.Prepend(tag).Distinct(StringComparer.OrdinalIgnoreCase))
            await shared.EvictAsync(kind, name);
    }

    private int EvictHere(string tag)
    {
        var scope = ScopeOf(tag);
        Evicting?.Invoke(scope);
        return table.Evict(scope);
    }

    private void MarkUncertainHere(EvictionScope scope)
    {
        Evicting?.Invoke(scope);
        table.MarkUncertain(scope);
    }

    private EvictionScope.OfTag ScopeOf(string tag) => new(tag, revisions.Current.Options<CacheOptions>().PoliciesWith(tag));
}
