using CalGateway.Journey.Callers;

namespace CalGateway.Journey.Routes;

/// <summary>What requests need of one revision of the settings. What belongs to one folder is a part of the plan.</summary>
internal sealed class RevisionPlan : Extensible<RevisionPlan>
{
    /// <summary>Twelve hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The caller of requests without a credential.</summary>
    public Caller DefaultCaller { get; private set; } = null!;

    /// <summary>Whether an anonymous caller could identify itself, with a key or a token.</summary>
    public bool CanBeKnown { get; private set; }

    /// <summary>The body limit of requests; a route may have a lower one.</summary>
    public BodyLimit Body { get; private set; } = null!;

    /// <summary>Set by Access, while the plan is made.</summary>
    public void SetCallers(Caller defaultCaller, bool canBeKnown, BodyLimit body) => (DefaultCaller, CanBeKnown, Body) = (defaultCaller, canBeKnown, body);
}
