namespace CalGateway.Configuration.Watching;

/// <summary>An edit that was put in force or refused.</summary>
/// <param name="Time">When it was judged.</param>
/// <param name="Accepted">In force, or refused and the revision before it kept.</param>
/// <param name="Revision">The revision that was in force afterwards.</param>
/// <param name="Source">The file.</param>
/// <param name="Changes">What the edit changed; empty for a refused one.</param>
/// <param name="Findings">Warnings of an accepted edit, reasons of a refused one, in the form of <see cref="Finding.Describe"/>.</param>
internal sealed record RevisionEvent(
    DateTimeOffset Time, bool Accepted, string Revision, string Source, IReadOnlyList<string> Changes, IReadOnlyList<string> Findings);

/// <summary>The last fifty edits, the newest first.</summary>
internal sealed class RevisionHistory
{
    private const int Most = 50;

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
            if (_events.Count > Most)
                _events.RemoveLast();
        }
    }
}
