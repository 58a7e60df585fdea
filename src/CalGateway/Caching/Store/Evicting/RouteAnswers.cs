using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Drift;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>The stored answers of a route by the tags of its policy.</summary>
internal sealed class RouteAnswers(Evictions evictions, Revisions revisions) : IStoredAnswers
{
    public async Task RefreshAsync(string route)
    {
        if (!revisions.Current.Plans.TryGetValue(route, out var plan) || plan.Part<CachePlan>() is not { } cache)
            return;

        foreach (var tag in cache.Tags)
            await evictions.MarkUncertainAsync(tag);
    }
}
