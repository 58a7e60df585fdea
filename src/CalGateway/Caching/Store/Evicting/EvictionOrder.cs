using CalGateway.Caching.Plans;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>
/// Which answer goes when there is no room for all: the one that was not served for the longest time ("second chance": where an answer was served since its
/// last turn, it goes to the end instead). Answers of the gateway's accounts and answers for callers' own tokens have half of the room each; while there is
/// too much, the part that has more than its half gives way. However many tokens come, they do not push out what everybody asks for.
/// </summary>
internal sealed class EvictionOrder
{
    /// <summary>The part of the room that one token may have where it is contested, and the entries that it may have in any case.</summary>
    private const int PartOfToken = 16;

    private const int MinPerToken = 16;

    private readonly Part _accounts = new();
    private readonly Part _tokens = new();

    /// <summary>By the hash of the token.</summary>
    private readonly Dictionary<string, Owned> _owned = new(StringComparer.Ordinal);

    public long Bytes => _accounts.Bytes + _tokens.Bytes;

    public int Count => _accounts.Queue.Count + _tokens.Queue.Count;

    public IEnumerable<StoredAnswer> All => _accounts.Queue.Concat(_tokens.Queue);

    public IEnumerable<StoredAnswer> OfToken(string owner) => _owned.TryGetValue(owner, out var owned) ? owned.Answers : [];

    public void Add(StoredAnswer answer)
    {
        var part = PartOf(answer);
        answer.Place = part.Queue.AddLast(answer);
        if (answer.Owner is { } owner)
        {
            if (!_owned.TryGetValue(owner, out var owned))
                _owned[owner] = owned = new Owned();
            owned.Answers.Add(answer);
        }

        Weigh(answer, answer.Bytes);
    }

    public void Remove(StoredAnswer answer)
    {
        PartOf(answer).Queue.Remove(answer.Place!);
        Weigh(answer, -answer.Bytes);
        if (answer.Owner is { } owner && _owned.TryGetValue(owner, out var owned) && owned.Answers.Remove(answer) && owned.Answers.Count == 0)
            _owned.Remove(owner);
    }

    /// <summary>The answer takes more, or less, than it did.</summary>
    public void Weigh(StoredAnswer answer, long change)
    {
        PartOf(answer).Bytes += change;
        if (answer.Owner is { } owner)
            _owned[owner].Bytes += change;
    }

    /// <summary>The answer that has to go; null while there is room for all.</summary>
    /// <param name="limits">How much room there is.</param>
    /// <param name="latest">The answer that was put last.</param>
    public StoredAnswer? Next(CacheOptions limits, StoredAnswer latest)
    {
        if (Bytes <= limits.MaxBytes && Count <= limits.MaxEntries)
            return null;

        return OfGreedyToken(limits, latest) ?? First(Contested(limits));
    }

    /// <summary>Where a single token has asked for very much, its own oldest answer makes room for its latest.</summary>
    private StoredAnswer? OfGreedyToken(CacheOptions limits, StoredAnswer latest)
    {
        if (latest.Owner is not { } owner || !_owned.TryGetValue(owner, out var owned) || owned.Answers.Count < 2)
            return null;

        return owned.Answers.Count > Math.Max(MinPerToken, limits.MaxEntries / PartOfToken) || owned.Bytes > limits.MaxBytes / PartOfToken
            ? owned.Answers.First(answer => answer != latest)
            : null;
    }

    private Part Contested(CacheOptions limits)
    {
        var isAboveHalf = Bytes > limits.MaxBytes ? _tokens.Bytes > limits.MaxBytes / 2 : _tokens.Queue.Count > limits.MaxEntries / 2;
        return isAboveHalf || _accounts.Queue.Count == 0 ? _tokens : _accounts;
    }

    private static StoredAnswer First(Part part)
    {
        while (true)
        {
            var first = part.Queue.First!.Value;
            if (!first.WasUsed())
                return first;

            part.Queue.RemoveFirst();
            part.Queue.AddLast(first.Place!);
        }
    }

    private Part PartOf(StoredAnswer answer) => answer.Owner is null ? _accounts : _tokens;

    private sealed class Part
    {
        public LinkedList<StoredAnswer> Queue { get; } = [];

        public long Bytes { get; set; }
    }

    private sealed class Owned
    {
        /// <summary>In the order in which they were stored.</summary>
        public List<StoredAnswer> Answers { get; } = [];

        public long Bytes { get; set; }
    }
}
