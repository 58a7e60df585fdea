using CalGateway.Access.Settings;
using CalGateway.CalCom.Credentials;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Access;

/// <summary>The part of a revision that decides who may call what.</summary>
internal sealed class AccessPart(AccessInputs inputs) : RevisionPart
{
    public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<AccessOptions>("Access", options => options.Validate())];

    public override void Examine(RevisionDraft draft)
    {
        var options = draft.Options<AccessOptions>();
        draft.Findings.AddRange(CallerPolicies.Examine(draft.Routes, options));
        draft.Findings.AddRange(ConsumerVersions.Examine(options, draft.Routes));
        draft.Findings.AddRange(ExposureGuard.Examine(options.Mode, inputs.Addresses));
    }

    public override void Prepare(RevisionDraft draft)
    {
        draft.Plan.With(ConsumerVersions.PinsOf(draft.Options<AccessOptions>()));
        var takesTokens = draft.Routes.Any(CalCredentialTransformFactory.IsCallers);
        if (AccessPlanner.Create(draft, inputs, takesTokens) is { } access)
            draft.Plan.With(access).With(access.Accounts).SetCallers(access.DefaultCaller, access.CanBeKnown, BodyLimit.OfAccess(access.MaxBodyBytes));
    }

    public override void PlanRoute(RouteConfig route, RoutePlan plan, RevisionDraft draft)
    {
        var access = new RouteAccess(route, draft.Get<AccessPlan>(), draft.Get<ConsumerPins>(), draft.ClusterOf(route));
        plan.With(access).Signs = access.Signs;
    }
}
