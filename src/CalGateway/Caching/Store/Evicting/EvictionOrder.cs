using CalGateway.Caching.Plans;

namespace CalGateway.Caching.Store.Evicting;

/// <summary>
/// Decides which answer is evicted when there is no room for all: the one that was not served for the longest time ("second chance": an answer that was
/// served since its last turn goes to the end instead). Answers of the gateway's accounts and answers for callers' own tokens have half of the room each;
/// where there is too much, the half that exceeds its share loses an answer. A large number of tokens therefore cannot evict the answers that all callers share.
/// </summary>
internal sealed class EvictionOrder
{
    /// <summary>
    /// The share of the room that one token may have when there is no room for all: a sixteenth. <see cref="MinPerToken"/> answers are always allowed.
    /// </summary>
    private const int PartOfToken = 16;

    private const int MinPerToken = 16;

    private readonly Part _accounts = new();
    private readonly Part _tokens = new();

    /// <summary>The answers of each token, by the token's hash.</summary>
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

    /// <summary>Updates the size of an answer.</summary>
    public void Weigh(StoredAnswer answer, long change)
    {
        PartOf(answer).Bytes += change;
        if (answer.Owner is { } owner)
            _owned[owner].Bytes += change;
    }

    /// <summary>The answer to evict; null while there is room for all.</summary>
    public StoredAnswer? Next(CacheOptions limits, StoredAnswer latest)
    {
        if (Bytes <= limits.MaxBytes && Count <= limits.MaxEntries)
            return null;

        return OfTokenOverShare(limits, latest) ?? First(PartToEvictFrom(limits));
    }

    /// <summary>The oldest answer of a single token that has exceeded its share.</summary>
    private StoredAnswer? OfTokenOverShare(CacheOptions limits, StoredAnswer latest)
    {
        if (latest.Owner is not { } owner || !_owned.TryGetValue(owner, out var owned) || owned.Answers.Count < 2)
            return null;

        return owned.Answers.Count > Math.Max(MinPerToken, limits.MaxEntries / PartOfToken) || owned.Bytes > limits.MaxBytes / PartOfToken
            ? owned.Answers.First(answer => answer != latest)
            : null;
    }

    /// <summary>The half that exceeds its share.</summary>
    private Part PartToEvictFrom(CacheOptions limits)
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
