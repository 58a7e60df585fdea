using CalGateway.CalCom.Credentials;
using CalGateway.CalCom.Pins;
using CalGateway.CalCom.Rules;
using CalGateway.CalCom.V1;
using CalGateway.Catalogue;
using CalGateway.Configuration;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.CalCom;

/// <summary>The part of a revision about Cal.com: settings, transforms, and the examination of version pins with the catalogue.</summary>
internal sealed class CalComPart : RevisionPart
{
    private readonly PinLint _pins = new(CalComCatalogue.Default);

    public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<PinRule>("Pins"), OptionsSection.Of<UpstreamOptions>("Upstream", options => options.Validate())];

    public override IReadOnlyList<ITransformFactory> Transforms { get; } =
        [new CalApiVersionTransformFactory(), new CalApiKeyQueryTransformFactory(), new CalCredentialTransformFactory()];

    public override void Examine(RevisionDraft draft) => draft.Findings.AddRange(draft.Routes.SelectMany(TransformRules.Examine));

    /// <summary>This runs only if all routes are valid, because which operations a route gets depends on the others.</summary>
    public override void Prepare(RevisionDraft draft)
    {
        var assigned = new RouteTable(draft.Routes).Assign(CalComCatalogue.Default.Operations);
        draft.Findings.AddRange(_pins.Examine(assigned, draft.Get<ConsumerPins>(), draft.Options<PinRule>()));
        draft.Findings.AddRange(RouteLint.Examine(assigned, draft.Clusters));
        draft.Plan.With(new AssignedOperations(assigned)).With(draft.Options<UpstreamOptions>());
    }

    public override void PlanRoute(RouteConfig route, RoutePlan plan, RevisionDraft draft)
    {
        plan.UpstreamAddresses = string.Join(' ', (draft.ClusterOf(route)?.Destinations?.Values ?? []).Select(destination => destination.Address));
        plan.With(PinVerdict.Of(route, draft.Get<AssignedOperations>().Of(route), draft.WarningsAt))
            .With(ConsumerVerdicts.Of(draft.Get<ConsumerPins>().On(route.RouteId), draft.Get<AssignedOperations>().Of(route), draft.WarningsAt));
    }
}
