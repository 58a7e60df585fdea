using System.Collections.Concurrent;
using CalGateway.Caching.Plans;

namespace CalGateway.Caching.Entries;

/// <summary>
/// The stored answers of this process. Reads take no lock; whatever changes the table takes the one there is, and there is
/// such a change once a fresh window and not once a request.
/// </summary>
internal sealed class AnswerTable(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, StoredAnswer> _answers = new(StringComparer.Ordinal);

    /// <summary>The order in which they go. Reads do not touch it: who was used since it came to its place is given another one when its turn comes.</summary>
    private readonly LinkedList<StoredAnswer> _queue = [];

    /// <summary>Those that belong to one caller's token, so that a refused token costs what it has stored and not what everybody has.</summary>
    private readonly Dictionary<string, HashSet<StoredAnswer>> _owned = new(StringComparer.Ordinal);

    private readonly Lock _changing = new();
    private long _bytes;
    private int _count;

    public long Bytes => Volatile.Read(ref _bytes);

    public int Count => Volatile.Read(ref _count);

    /// <summary>A snapshot for reports.</summary>
    public IEnumerable<StoredAnswer> All => _answers.Select(pair => pair.Value);

    public StoredAnswer? Find(string key) => _answers.GetValueOrDefault(key);

    public TimeSpan AgeOf(StoredAnswer answer) => clock.GetElapsedTime(answer.StoredAt);

    /// <summary>Takes the place of what was there under the key.</summary>
    public void Put(StoredAnswer answer, CacheOptions limits)
    {
        lock (_changing)
        {
            if (_answers.TryGetValue(answer.Key, out var former))
                Remove(former);

            // It would take the place of all others, and then have none itself.
            if (answer.Bytes > limits.MaxBytes)
            {
                answer.Leave();
                return;
            }

            _answers[answer.Key] = answer;
            if (answer.Owner is { } owner)
            {
                if (!_owned.TryGetValue(owner, out var owned))
                    _owned[owner] = owned = new HashSet<StoredAnswer>(ReferenceEqualityComparer.Instance);
                owned.Add(answer);
            }

            _bytes += answer.Bytes;
            _count++;
            answer.Place = _queue.AddLast(answer);
            while (_bytes > limits.MaxBytes || _count > limits.MaxEntries)
                MakeRoom();
        }
    }

    /// <summary>Adds the compressed forms to an answer that is stored; nothing where it has gone, or would then be too large.</summary>
    public void Add(StoredAnswer answer, Representations forms, CacheOptions limits)
    {
        lock (_changing)
        {
            if (answer.IsGone || answer.Bytes + forms.Bytes > limits.MaxBytes)
                return;

            _bytes -= answer.Bytes;
            answer.Replace(forms);
            _bytes += answer.Bytes;
            while (_bytes > limits.MaxBytes)
                MakeRoom();
        }
    }

    public void Evict(StoredAnswer answer)
    {
        lock (_changing)
            Remove(answer);
    }

    /// <summary>Evicts by tag; how many there were.</summary>
    public int Evict(string tag) => Evict(answer => answer.HasTag(tag));

    /// <summary>How many there were.</summary>
    public int Evict(Func<StoredAnswer, bool> which)
    {
        lock (_changing)
        {
            var evicted = _queue.Where(which).ToList();
            evicted.ForEach(Remove);
            return evicted.Count;
        }
    }

    /// <summary>Evicts what is stored for one caller's token.</summary>
    public void EvictOwned(string owner)
    {
        lock (_changing)
        {
            if (_owned.TryGetValue(owner, out var owned))
                owned.ToList().ForEach(Remove);
        }
    }

    /// <summary>Keeps the answers for when Cal.com fails, and serves none of them before it was asked.</summary>
    public void Doubt(Func<StoredAnswer, bool> which)
    {
        foreach (var answer in All.Where(which))
            answer.Doubt();
    }

    /// <summary>The first in the queue goes, or, if it was used since it came there, to the end of it.</summary>
    private void MakeRoom()
    {
        var first = _queue.First!.Value;
        if (!first.WasUsed())
        {
            Remove(first);
            return;
        }

        _queue.RemoveFirst();
        _queue.AddLast(first.Place!);
    }

    private void Remove(StoredAnswer answer)
    {
        if (!_answers.TryRemove(KeyValuePair.Create(answer.Key, answer)))
            return;

        if (answer.Owner is { } owner && _owned.TryGetValue(owner, out var owned) && owned.Remove(answer) && owned.Count == 0)
            _owned.Remove(owner);
        _queue.Remove(answer.Place!);
        _bytes -= answer.Bytes;
        _count--;
        answer.Leave();
    }
}
