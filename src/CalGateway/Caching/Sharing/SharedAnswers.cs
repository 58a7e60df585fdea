using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalGateway.CalCom;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;

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

    /// <summary>Policies have a few tags; whoever makes up others has the oldest forgotten.</summary>
    private const int MostTags = 1000;

    /// <summary>What Redis could not be told, and by <see cref="CatchUpAsync"/> is.</summary>
    private readonly ConcurrentDictionary<string, Eviction> _untold = new(StringComparer.Ordinal);

    public async Task<StoredAnswer?> FindAsync(string key, CachePlan plan, Signature account)
    {
        var value = await redis.ReadAsync(async () => await link.Store.GetAsync(NameOf(key), CancellationToken.None));
        return value is not null
            && SealedValue.Open(value, key, account) is { } plain
            && AnswerFormat.Read(plain, key, plan, clock) is { } answer
            && !answer.Tags.Any(tag => IsEvicted(answer, TagOf(tag)))
                ? answer
                : null;
    }

    public async Task PutAsync(StoredAnswer answer, TimeSpan age, TimeSpan life, Signature account)
    {
        if (!redis.IsUp || age >= life)
            return;

        var value = SealedValue.Seal(AnswerFormat.Write(answer, clock.GetUtcNow() - age), answer.Key, account);
        var tags = answer.Tags.Select(TagOf).ToArray();
        await redis.TryAsync(async () => await link.Store.SetAsync(NameOf(answer.Key), value, tags, life - age, CancellationToken.None));
    }

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
    public Task SweepAsync(string tag)
    {
        NoteEviction(TagOf(tag));
        return redis.TryAsync(async () => await link.Store.EvictByTagAsync(TagOf(tag), CancellationToken.None));
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

    /// <summary>Nothing of a path or a query is to be read in a Redis that others look into.</summary>
    private static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string TagOf(string tag) => tag.ToLowerInvariant();
}
