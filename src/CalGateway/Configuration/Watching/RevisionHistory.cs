namespace CalGateway.Configuration.Watching;

/// <summary>An edit that was put in force or refused.</summary>
/// <param name="Revision">The revision in force afterwards.</param>
/// <param name="Changes">What the edit changed; empty for a refused edit.</param>
/// <param name="Findings">The warnings of an accepted edit, or the reasons for a refusal, in the form of <see cref="Finding.Describe"/>.</param>
internal sealed record RevisionEvent(
    DateTimeOffset Time, bool Accepted, string Revision, string Source, IReadOnlyList<string> Changes, IReadOnlyList<string> Findings);

/// <summary>The last fifty edits, newest first.</summary>
internal sealed class RevisionHistory
{
    private const int MaxEvents = 50;

    private readonly Lock _lock = new();
    private readonly LinkedList<RevisionEvent> _events = [];

    public IReadOnlyList<RevisionEvent> Events
    {
        get
        {
            lock (_lock)
                return [.. _events];
        }
    }

    public void Add(RevisionEvent happened)
    {
        lock (_lock)
        {
            _events.AddFirst(happened);
            if (_events.Count > MaxEvents)
                _events.RemoveLast();
        }
    }
}
