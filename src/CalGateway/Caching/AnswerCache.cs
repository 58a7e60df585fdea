using CalGateway.Caching.Filling;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Evicting;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Configuration;
using CalGateway.Journey;
using CalGateway.Journey.Routes;
using CalGateway.Telemetry.Recent;

namespace CalGateway.Caching;

/// <summary>What operators see of the cache, and what they can do to it.</summary>
internal sealed class AnswerCache(
    AnswerTable table, Evictions evictions, RefreshErrors errors, RecentActivity activity, Revisions revisions, RedisConnections redis, RedisHealth health)
{
    private static readonly CacheResult[] Results = [.. Enum.GetValues<CacheResult>().Where(result => result != CacheResult.None)];

    /// <summary>Evicts every answer that has the tag, in this process and on every gateway that shares the store. Returns how many this process had.</summary>
    public Task<int> EvictAsync(string tag) => evictions.EvictAsync(tag);

    public CacheReport Report()
    {
        var stored = table.All.ToLookup(answer => answer.Policy, StringComparer.OrdinalIgnoreCase);
        var policies = revisions.Current.Plans.Values
            .Where(route => route.Part<CachePlan>() is not null)
            .GroupBy(route => route.Part<CachePlan>()!.Policy, StringComparer.OrdinalIgnoreCase)
            .Select(routes => Report([.. routes], [.. stored[routes.Key]]));
        return new CacheReport(table.Count, table.Bytes, [.. policies], redis.IsWanted ? health.IsUp : null);
    }

    /// <summary>How many answers of one route are stored.</summary>
    public int CountOf(CachePlan plan) => table.All.Count(plan.Owns);

    private PolicyReport Report(List<RoutePlan> routes, List<StoredAnswer> answers)
    {
        var plan = routes[0].Part<CachePlan>()!;
        var counted = activity.Routes.Where(counts => routes.Exists(route => route.RouteId == counts.Key)).Select(counts => counts.Value).ToList();
        var requests = counted.Sum(route => Results.Sum(route.Total));
        var fromStore = counted.Sum(route => route.Total(CacheResult.Hit) + route.Total(CacheResult.Stale));
        var stale = answers.Where(answer => routes.Exists(route => route.Part<CachePlan>()!.Owns(answer))).Select(answer => (Age: table.AgeOf(answer), Windows: plan.WindowsOf(answer.IsEmpty)))
            .Where(entry => entry.Windows.At(entry.Age) is Phase.Revalidate or Phase.IfError)
            .Select(entry => (TimeSpan?)entry.Age);

        return new PolicyReport(
            plan.Policy, answers.Count, answers.Sum(answer => answer.Bytes), requests, requests == 0 ? null : (double)fromStore / requests, stale.Max(),
            errors.LastOf(plan.Policy), plan.Tags);
    }
}
