using CalGateway.Journey.Routes;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace CalGateway.Configuration;

/// <summary>
/// What one room adds to a revision: its options, its rules, and its plan of the whole revision and of each route. Start, reload, <c>check</c>,
/// doctor and explain ask the same parts, in the order of their list. A part keeps nothing of a revision: the next edit asks it again.
/// </summary>
internal abstract class RevisionPart
{
    /// <summary>The sections below <c>CalGateway</c> that the room reads.</summary>
    public virtual IReadOnlyList<OptionsSection> Options => [];

    /// <summary>The transforms that the file may name because of the room.</summary>
    public virtual IReadOnlyList<ITransformFactory> Transforms => [];

    /// <summary>Adds a finding for whatever breaks a rule of the room. All parts are asked, whatever has been found before.</summary>
    public virtual void Examine(RevisionDraft draft)
    {
    }

    /// <summary>
    /// Makes what the room needs of the whole revision, and adds it to <see cref="RevisionDraft.Plan"/>. Called only while no part has found an error;
    /// an error that shows only now is added to the findings, and refuses the revision all the same.
    /// </summary>
    public virtual void Prepare(RevisionDraft draft)
    {
    }

    /// <summary>Adds what the room needs of one route to its plan. The revision is accepted by now.</summary>
    public virtual void PlanRoute(RouteConfig route, RoutePlan plan, RevisionDraft draft)
    {
    }
}
