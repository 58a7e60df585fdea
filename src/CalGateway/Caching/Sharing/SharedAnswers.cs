using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using CalGateway.Journey;

namespace CalGateway.Caching.Sharing;

/// <summary>The answers that gateways share, in Redis by ASP.NET Core's own output cache store.</summary>
internal sealed class SharedAnswers(RedisGuard redis, RedisLink link, TimeProvider clock)
{
    /// <summary>By how much two machines' clocks may differ without anybody's noticing.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

    /// <summary>
    /// When each tag was last evicted. What is older is not believed, even if it is found: another gateway may have stored
    /// behind the sweep, and a Redis that is full may have thrown away a tag's index before the answers.
    /// </summary>
    private readonly ConcurrentDictionary<string, long> _evictedAt = new(StringComparer.Ordinal);

    /// <summary>Where no caller waits.</summary>
    private static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(1);

    /// <summary>Policies have a few tags; whoever makes up others has the oldest forgotten.</summary>
    private const int MostTags = 1000;

    /// <summary>What Redis could not be told, and by <see cref="CatchUpAsync"/> is.</summary>
    private readonly ConcurrentDictionary<string, Eviction> _untold = new(StringComparer.Ordinal);

    /// <summary>Whose connection to the others was broken has missed what they evicted up to here; null where it never was.</summary>
    private object? _doubtedAt;

    /// <summary>One sweep at a time; who finds one waiting for its turn need not wait for another.</summary>
    private readonly Room _sweeping = new(1, clock);

    private readonly ConcurrentDictionary<string, bool> _toBeSwept = new(StringComparer.Ordinal);

    public async Task<StoredAnswer?> FindAsync(string key, CachePlan plan, Signature account)
    {
        if (await redis.ReadAsync(NameOf(key)) is not { } value
            || SealedValue.Open(value, key, account) is not { } plain
            || AnswerFormat.Read(plain, key, plan, clock) is not { } answer
            || answer.Tags.Any(tag => IsEvicted(answer, TagOf(tag))))
            return null;

        if (IsDoubted(answer))
            answer.Doubt();
        return answer;
    }

    public async Task PutAsync(StoredAnswer answer, TimeSpan age, TimeSpan life, Signature account, TimeSpan patience)
    {
        if (!redis.IsUp || age >= life)
            return;

        var value = SealedValue.Seal(AnswerFormat.Write(answer, clock.GetUtcNow() - age), answer.Key, account);
        var tags = answer.Tags.Select(TagOf).ToArray();
        await redis.TryAsync(async () => await link.WritingStore.SetAsync(NameOf(answer.Key), value, tags, life - age, CancellationToken.None), patience);

        // A write may have come between: it has swept the store already, its index of tags included, and this was put there behind it.
        if (!tags.Any(tag => _evictedAt.TryGetValue(tag, out var evictedAt) && evictedAt >= answer.StoredAt))
            return;

        await ForgetAsync(answer.Key);
        foreach (var tag in tags)
            await SweepAsync(tag);
    }

    /// <summary>Evictions may have been missed: what was stored before now is asked for anew before it is served.</summary>
    public void Doubt() => Volatile.Write<object?>(ref _doubtedAt, clock.GetTimestamp());

    /// <summary>Takes one answer from the store. It has no word for that but to put nothing in its place.</summary>
    public Task ForgetAsync(string key) =>
        redis.TryAsync(async () => await link.Store.SetAsync(NameOf(key), [], null, TimeSpan.FromSeconds(1), CancellationToken.None));

    /// <summary>Evicts from the store, and tells every other gateway; if that cannot be, it is made up for before the store is believed again.</summary>
    public async Task EvictAsync(Eviction eviction)
    {
        if (!link.IsWanted)
            return;

        var told = eviction with { Tag = TagOf(eviction.Tag) };
        NoteEviction(told.Tag);
        if (!await redis.TryAsync(() => TellAsync(told)))
            _untold[told.Tag] = told;
    }

    /// <summary>Evicts from the store alone, as somebody else has: this gateway may have stored at that very moment, behind the other's sweep.</summary>
    public async Task SweepAsync(string tag)
    {
        var swept = TagOf(tag);
        NoteEviction(swept);
        if (!_toBeSwept.TryAdd(swept, true))
            return;

        await _sweeping.TakeAsync(1, Timeout.InfiniteTimeSpan, CancellationToken.None);
        try
        {
            _toBeSwept.TryRemove(swept, out _);
            await redis.TryAsync(async () => await link.Store.EvictByTagAsync(swept, CancellationToken.None), Unhurried);
        }
        finally
        {
            _sweeping.Give(1);
        }
    }

    /// <summary>Tells Redis what it could not be told before.</summary>
    public async Task CatchUpAsync()
    {
        foreach (var (tag, eviction) in _untold)
        {
            await TellAsync(eviction);
            _untold.TryRemove(KeyValuePair.Create(tag, eviction));
        }
    }

    /// <summary>In this order: who hears of it finds nothing any more.</summary>
    private async Task TellAsync(Eviction eviction)
    {
        await link.Store.EvictByTagAsync(eviction.Tag, CancellationToken.None);
        await link.PublishAsync(eviction);
    }

    private void NoteEviction(string tag)
    {
        _evictedAt[tag] = clock.GetTimestamp();
        if (_evictedAt.Count > MostTags)
            _evictedAt.TryRemove(_evictedAt.MinBy(eviction => eviction.Value));
    }

    private bool IsEvicted(StoredAnswer answer, string tag) =>
        _untold.ContainsKey(tag)
        || (_evictedAt.TryGetValue(tag, out var evictedAt) && clock.GetElapsedTime(evictedAt, answer.StoredAt) <= Skew);

    private bool IsDoubted(StoredAnswer answer) =>
        Volatile.Read(ref _doubtedAt) is long doubtedAt && clock.GetElapsedTime(doubtedAt, answer.StoredAt) <= Skew;

    /// <summary>Nothing of a path or a query is to be read in a Redis that others look into.</summary>
    private static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string TagOf(string tag) => tag.ToLowerInvariant();
}
