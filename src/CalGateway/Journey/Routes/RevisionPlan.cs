using CalGateway.Journey.Callers;

namespace CalGateway.Journey.Routes;

/// <summary>One revision of the settings as requests need it. What belongs to one room is that room's part.</summary>
internal sealed class RevisionPlan
{
    private readonly Parts<RevisionPlan> _parts = new();

    /// <summary>Twelve hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Whoever is known by nothing.</summary>
    public Caller Nobody { get; private set; } = null!;

    /// <summary>Whether a caller that is known by nothing has a way to become known.</summary>
    public bool CanBeKnown { get; private set; }

    /// <summary>How large a request's body may be where its route does not say less.</summary>
    public BodyLimit Body { get; private set; } = null!;

    /// <summary>Set by Access, while the plan is made.</summary>
    public void SetCallers(Caller nobody, bool canBeKnown, BodyLimit body) => (Nobody, CanBeKnown, Body) = (nobody, canBeKnown, body);

    /// <summary>What a room has decided for the revision; null where it has no part in it.</summary>
    public T? Part<T>()
        where T : class => _parts.Find<T>();

    /// <summary>Adds a room's part, while the plan is made.</summary>
    public RevisionPlan With<T>(T? part)
        where T : class
    {
        _parts.Put(part);
        return this;
    }
}
