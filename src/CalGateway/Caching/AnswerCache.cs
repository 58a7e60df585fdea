using CalGateway.Caching.Store;
using CalGateway.Caching.Store.Evicting;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Configuration;

namespace CalGateway.Caching;

/// <summary>What operators see of the cache, and what they can do to it.</summary>
internal sealed class AnswerCache(AnswerTable table, Evictions evictions, Tallies tallies, Revisions revisions, RedisConnections redis, RedisHealth health)
{
    /// <summary>Evicts every answer that has the tag, here and on every gateway that shares the store; how many this one had.</summary>
    public Task<int> EvictAsync(string tag) => evictions.EvictAsync(tag);

    public CacheReport Report()
    {
        var stored = table.All.ToLookup(answer => answer.Policy, StringComparer.OrdinalIgnoreCase);
        var plans = revisions.Current.Plans.Values.Select(plan => plan.Part<CachePlan>()).OfType<CachePlan>().DistinctBy(plan => plan.Policy);
        return new CacheReport(table.Count, table.Bytes, [.. plans.Select(plan => Report(plan, [.. stored[plan.Policy]]))], redis.IsWanted ? health.IsUp : null);
    }

    /// <summary>How many answers of one route are stored.</summary>
    public int CountOf(CachePlan plan) => table.All.Count(plan.Owns);

    private PolicyReport Report(CachePlan plan, List<StoredAnswer> answers)
    {
        var tally = tallies.Of(plan.Policy);
        var stale = answers.Select(answer => (Age: table.AgeOf(answer), Windows: plan.WindowsOf(answer.IsEmpty)))
            .Where(entry => entry.Windows.At(entry.Age) is Phase.Revalidate or Phase.IfError)
            .Select(entry => (TimeSpan?)entry.Age);

        return new PolicyReport(
            plan.Policy, answers.Count, answers.Sum(answer => answer.Bytes), tally.Requests,
            tally.Requests == 0 ? null : (double)tally.AnsweredFromStore / tally.Requests, stale.Max(), tally.LastError, plan.Tags);
    }
}
