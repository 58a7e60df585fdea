using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Configuration.Schema;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Caching;

/// <summary>What a revision decides about caching: the policy of each route, and which writes evict.</summary>
internal sealed class CachingPart : RevisionPart
{
    public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<CacheOptions>("Cache", options => options.Validate())];

    public override void Examine(RevisionDraft draft)
    {
        var options = draft.Options<CacheOptions>();
        draft.Findings.AddRange(
            from route in draft.Routes
            where route.OutputCachePolicy is { Length: > 0 } name && options.Find(name) is null
            select Finding.Error(
                $"Route \"{route.RouteId}\" names the cache policy \"{route.OutputCachePolicy}\", which is not under CalGateway:Cache:Policies " +
                $"({Quoted.List(options.Policies.Keys)}).",
                $"ReverseProxy:Routes:{route.RouteId}:OutputCachePolicy"));
    }

    public override void Prepare(RevisionDraft draft) => draft.Plan.With(new WriteRules(draft.Options<CacheOptions>(), draft.InForce?.Get<WriteRules>()));

    public override void PlanRoute(RouteConfig route, RoutePlan plan, RevisionDraft draft) => plan
        .With(CachePlan.From(route, RouteIdentity.Of(route, draft.Settings), draft.Options<CacheOptions>()))
        .With(draft.Get<WriteRules>());
}
