using CalGateway.Journey.Callers;

namespace CalGateway.Journey.Routes;

/// <summary>What requests need of one revision of the settings. What belongs to one folder is a part of the plan.</summary>
internal sealed class RevisionPlan
{
    private readonly Parts<RevisionPlan> _parts = new();

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

    /// <summary>What a folder has prepared for the revision; null for nothing.</summary>
    public T? Part<T>()
        where T : class => _parts.Find<T>();

    /// <summary>Adds the part of a folder. Only for use while the plan is made.</summary>
    public RevisionPlan With<T>(T? part)
        where T : class
    {
        _parts.Put(part);
        return this;
    }
}
