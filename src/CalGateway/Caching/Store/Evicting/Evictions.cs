using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Sharing;
using CalGateway.Configuration;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>Evicts, or marks as uncertain, in this process and on every gateway that shares the store.</summary>
internal sealed class Evictions(AnswerTable table, SharedAnswers shared, Revisions revisions)
{
    /// <summary>Raised before the table changes: what a fill stores until then is evicted with the rest, and what it brings later is not stored.</summary>
    public event Action<EvictionScope>? Evicting;

    /// <summary>Evicts by tag, here and everywhere; how many answers this gateway had.</summary>
    public async Task<int> EvictAsync(string tag)
    {
        // The shared store first: what is evicted here would be found there again.
        await shared.EvictAsync(GatewayMessageKind.Evict, tag);
        return EvictHere(tag);
    }

    /// <summary>
    /// For a write that failed, which Cal.com may have carried out or not. What is stored is asked for anew, but kept for as long as Cal.com fails:
    /// an outage must not empty the cache that bridges it.
    /// </summary>
    public async Task MarkUncertainAsync(string tag)
    {
        await shared.EvictAsync(GatewayMessageKind.MarkUncertain, tag);
        MarkUncertainHere(ScopeOf(tag));
    }

    /// <summary>Does here what another gateway has done.</summary>
    public void Follow(GatewayMessageKind kind, string tag)
    {
        // The sweep notes the eviction at once, so that nothing older is read from the store; the rest of it takes time, and delays no other eviction.
        _ = shared.SweepAsync(tag);
        if (kind == GatewayMessageKind.MarkUncertain)
            MarkUncertainHere(ScopeOf(tag));
        else
            EvictHere(tag);
    }

    /// <summary>Cal.com has refused a caller's token: what is stored for it is over. Nothing of it is shared.</summary>
    public void EvictToken(string owner)
    {
        var scope = new EvictionScope.OfToken(owner);
        Evicting?.Invoke(scope);
        table.Evict(scope);
    }

    /// <summary>Evictions of other gateways may have been missed: what is stored is asked for anew before it is served.</summary>
    public void MarkAllUncertain() => MarkUncertainHere(new EvictionScope.Everything());

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
