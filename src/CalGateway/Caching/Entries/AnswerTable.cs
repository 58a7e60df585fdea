using System.Collections.Concurrent;
using CalGateway.Caching.Plans;

namespace CalGateway.Caching.Entries;

/// <summary>
/// The stored answers of this process. Reads take no lock; whatever changes the table takes the one there is, and there is
/// such a change once a fresh window and not once a request.
/// </summary>
internal sealed class AnswerTable(TimeProvider clock)
{
    /// <summary>A full table is brought down to this, so that the order of use is worked out now and then and not with every entry.</summary>
    private const double AfterTrim = 0.9;

    private readonly ConcurrentDictionary<string, StoredAnswer> _answers = new(StringComparer.Ordinal);
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

            _answers[answer.Key] = answer;
            _bytes += answer.Bytes;
            _count++;
            if (_bytes > limits.MaxBytes || _count > limits.MaxEntries)
                Trim(limits);
        }
    }

    public void Evict(StoredAnswer answer)
    {
        lock (_changing)
            Remove(answer);
    }

    /// <summary>Evicts by tag; how many there were.</summary>
    public int Evict(string tag)
    {
        lock (_changing)
        {
            var evicted = All.Where(answer => answer.Tags.Contains(tag, StringComparer.OrdinalIgnoreCase)).ToList();
            evicted.ForEach(Remove);
            return evicted.Count;
        }
    }

    /// <summary>Keeps the answers for when Cal.com fails, and serves none of them before it was asked.</summary>
    public void Doubt(Func<StoredAnswer, bool> which)
    {
        foreach (var answer in All.Where(which))
            answer.Doubt();
    }

    private void Trim(CacheOptions limits)
    {
        foreach (var answer in All.OrderBy(answer => Math.Max(answer.LastUsed, answer.StoredAt)).ToList())
        {
            if (_bytes <= limits.MaxBytes * AfterTrim && _count <= Math.Max(1, limits.MaxEntries * AfterTrim))
                return;
            Remove(answer);
        }
    }

    private void Remove(StoredAnswer answer)
    {
        if (!_answers.TryRemove(KeyValuePair.Create(answer.Key, answer)))
            return;

        answer.Leave();
        _bytes -= answer.Bytes;
        _count--;
    }
}
