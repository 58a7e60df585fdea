using CalGateway.CalCom.Pins;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Deprecation;
using CalGateway.Diagnosis.Drift;
using CalGateway.Diagnosis.NotFound;
using CalGateway.Diagnosis.Shadowing;
using CalGateway.Diagnosis.Shape;
using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Diagnosis;

/// <summary>The diagnosis settings, and each route's plan for its answers.</summary>
internal sealed class DiagnosisPart : RevisionPart
{
    public override IReadOnlyList<OptionsSection> Options { get; } = [OptionsSection.Of<DiagnosisOptions>("Diagnosis")];

    public override IReadOnlyList<ITransformFactory> Transforms { get; } = [new CalNotFoundTransformFactory()];

    public override void PlanRoute(RouteConfig route, RoutePlan plan, RevisionDraft draft)
    {
        var inForce = draft.InForce?.Plans.GetValueOrDefault(route.RouteId);
        plan.With(new DiagnosisPlan(
            CalNotFoundTransformFactory.ModeOf(route),
            ShapeWatch.For(route, draft.Get<AssignedOperations>().Of(route), draft.Options<DiagnosisOptions>().Shape),
            DriftPlan.For(route, draft.ClusterOf(route), draft.Options<DiagnosisOptions>().Drift)));
        plan.With(ShadowSettings.Of(route)).With(ShadowTally.For(plan, inForce)).With(Announcements.For(plan, inForce, draft.Get<ConsumerPins>()));
    }
}
