using System.Globalization;
using CalGateway.Caching;
using CalGateway.Problems;

namespace CalGateway.Management.Concerns;

/// <summary>Concerns about what callers get from the gateway and from the cache.</summary>
internal static class ServingConcerns
{
    private static readonly TimeSpan RecentFailure = TimeSpan.FromMinutes(2);

    public static IEnumerable<Concern> Of(GatewayFacts facts)
    {
        if (facts.Problems.FirstOrDefault(problem => problem.Code == ProblemTypes.InternalError.Code) is { } bug && facts.Now - bug.Last < ConcernCollector.RecentWindow)
        {
            yield return new Concern(
                ConcernLevel.Warning, "internal-error", "The gateway failed over a request", "This is a fault of the gateway's own.",
                $"Look for the trace {bug.TraceId} in its log, and report what it says.");
        }

        foreach (var policy in facts.Cache.Policies.Where(policy => IsServingStale(policy, facts)))
        {
            yield return new Concern(
                ConcernLevel.Warning, "stale-served", $"{policy.Name} is answered with old lists", StaleDetail(policy.LastRefreshError!),
                "Look at why that is; the lists are fetched anew by themselves as soon as it is over.");
        }

        if (facts.Cache.SharedStoreIsUp == false)
        {
            yield return new Concern(
                ConcernLevel.Warning, "redis-down", "Redis cannot be reached",
                "Each gateway serves from its own memory and asks Cal.com by itself; evictions are made up for when it is back.",
                "Check the server that CalGateway:Cache:Redis names.");
        }

        foreach (var deprecation in facts.Deprecations)
        {
            yield return new Concern(
                ConcernLevel.Notice, "deprecated", "Cal.com means to give up something that is in use", deprecation,
                "Plan the move to what takes its place; Cal.com's changelog names it.");
        }
    }

    /// <summary>
    /// True where a refresh has failed within the last two minutes, after the oldest stale answer was stored. Requests for it keep failing refreshes recent;
    /// a successful one ends this.
    /// </summary>
    private static bool IsServingStale(PolicyReport policy, GatewayFacts facts) =>
        policy is { OldestStale: { } age, LastRefreshError.At: var failed } && failed > facts.Now - age && facts.Now - failed < RecentFailure;

    private static string StaleDetail(RefreshError error)
    {
        var how = error.UpstreamStatus is { } status ? $"answers {status.ToString(CultureInfo.InvariantCulture)}" : "does not answer";
        return $"{error.Upstream} {how}, so callers get what was stored before. It is good until StaleIfError of the policy is over.";
    }
}
