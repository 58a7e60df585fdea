using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Configuration;

/// <summary>
/// What one folder adds to a revision: its options, its rules, and what it decides once for the whole revision and for each route. Start, reload,
/// <c>check</c>, doctor and explain ask the same parts in the same order. A part keeps no state of its own, because every edit asks it again: what must
/// outlast an edit is taken from <see cref="RevisionDraft.InForce"/>.
/// </summary>
internal abstract class RevisionPart
{
    /// <summary>The sections below <c>CalGateway</c> that the folder reads.</summary>
    public virtual IReadOnlyList<OptionsSection> Options => [];

    /// <summary>The transforms that the folder offers to routes of the file.</summary>
    public virtual IReadOnlyList<ITransformFactory> Transforms => [];

    /// <summary>Adds a finding for each broken rule of the folder. Called for all parts, even after errors.</summary>
    public virtual void Examine(RevisionDraft draft)
    {
    }

    /// <summary>
    /// Prepares what the folder needs for the whole revision, and adds it to <see cref="RevisionDraft.Plan"/>. Called only while there is no error. It may
    /// add errors too, which refuse the revision.
    /// </summary>
    public virtual void Prepare(RevisionDraft draft)
    {
    }

    /// <summary>Adds what the folder needs for one route to the route's plan. Called only for an accepted revision.</summary>
    public virtual void PlanRoute(RouteConfig route, RoutePlan plan, RevisionDraft draft)
    {
    }
}
