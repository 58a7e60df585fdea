using System.Collections.Concurrent;
using CalGateway.Caching.Filling.Answers;
using CalGateway.Caching.Plans;

namespace CalGateway.Caching.Filling;

/// <summary>The last failure of an upstream, by cache policy.</summary>
internal sealed class RefreshErrors(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, RefreshError> _last = new(StringComparer.OrdinalIgnoreCase);

    public RefreshError? LastOf(string policy) => _last.GetValueOrDefault(policy);

    public void Record(CachePlan plan, FillResult result)
    {
        if (result is FillResult.Failed { Kind: AnswerClass.Outage, Exchange: var exchange })
            _last[plan.Policy] = new RefreshError(clock.GetUtcNow(), exchange.UpstreamStatus, exchange.Problem?.Code, plan.UpstreamName);
    }
}
