using System.Collections.Concurrent;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Evicting;

namespace CalGateway.Caching.Store;

/// <summary>The stored answers of this process. Reads take no lock; changes take one for the whole table: there is one in a fresh window.</summary>
internal sealed class AnswerTable(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, StoredAnswer> _answers = new(StringComparer.Ordinal);

    private readonly EvictionOrder _order = new();
    private readonly Lock _changing = new();
    private long _bytes;
    private int _count;

    /// <summary>Raised under the lock of the table for each answer that is evicted or replaced.</summary>
    public event Action<StoredAnswer>? Removed;

    public long Bytes => Volatile.Read(ref _bytes);

    public int Count => Volatile.Read(ref _count);

    /// <summary>A snapshot for reports.</summary>
    public IEnumerable<StoredAnswer> All => _answers.Select(pair => pair.Value);

    public StoredAnswer? Find(string key) => _answers.GetValueOrDefault(key);

    public TimeSpan AgeOf(StoredAnswer answer) => clock.GetElapsedTime(answer.StoredAt);

    /// <summary>Adds an answer, or replaces the one with the same key.</summary>
    public void Put(StoredAnswer answer, CacheOptions limits)
    {
        lock (_changing)
        {
            if (_answers.TryGetValue(answer.Key, out var former))
                Remove(former);

            // The answer would evict all others, and then still not fit.
            if (answer.Bytes > limits.MaxBytes)
            {
                answer.MarkGone();
                return;
            }

            _answers[answer.Key] = answer;
            _order.Add(answer);
            MakeRoom(limits, answer);
        }
    }

    /// <summary>Adds the compressed forms to a stored answer, unless it is gone or would become too large.</summary>
    public void AddForms(StoredAnswer answer, Representations forms, CacheOptions limits)
    {
        lock (_changing)
        {
            if (answer.IsGone || answer.Bytes + forms.Bytes > limits.MaxBytes)
                return;

            var before = answer.Bytes;
            answer.Replace(forms);
            _order.Weigh(answer, answer.Bytes - before);
            MakeRoom(limits, answer);
        }
    }

    public void Evict(StoredAnswer answer)
    {
        lock (_changing)
            Remove(answer);
    }

    /// <summary>Evicts all answers in the scope, and returns how many there were.</summary>
    public int Evict(EvictionScope scope)
    {
        lock (_changing)
        {
            var evicted = (scope is EvictionScope.OfToken token ? _order.OfToken(token.Owner) : _order.All.Where(answer => IsIn(scope, answer))).ToList();
            evicted.ForEach(Remove);
            return evicted.Count;
        }
    }

    /// <summary>Has Cal.com asked before the answers are served again. If it fails, they are served.</summary>
    public void MarkUncertain(EvictionScope scope)
    {
        foreach (var answer in All.Where(answer => IsIn(scope, answer)))
            answer.MarkUncertain();
    }

    private static bool IsIn(EvictionScope scope, StoredAnswer answer) => scope.Covers(answer.Policy, answer.Tags, answer.Owner);

    private void MakeRoom(CacheOptions limits, StoredAnswer latest)
    {
        while (_order.Next(limits, latest) is { } first)
            Remove(first);
        Publish();
    }

    /// <summary>Makes changes visible to readers, which take no lock.</summary>
    private void Publish()
    {
        Volatile.Write(ref _bytes, _order.Bytes);
        Volatile.Write(ref _count, _order.Count);
    }

    private void Remove(StoredAnswer answer)
    {
        if (!_answers.TryRemove(KeyValuePair.Create(answer.Key, answer)))
            return;

        _order.Remove(answer);
        Publish();
        answer.MarkGone();
        Removed?.Invoke(answer);
    }
}
