using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Journey.Callers;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>The answers that gateways share, in Redis, through ASP.NET Core's own output cache store.</summary>
internal sealed class SharedAnswers(RedisHealth redis, RedisConnections connections, TimeProvider clock)
{
    /// <summary>By how much the clocks of two machines may differ.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);

    /// <summary>For a sweep, which no caller waits for.</summary>
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(1);

    /// <summary>Policies have a few tags. If callers of the management endpoint make up others, the oldest are forgotten.</summary>
    private const int MostTags = 1000;

    /// <summary>
    /// When each tag was last evicted. Older answers are ignored even if they are found: another gateway may have stored one after the sweep, and a full
    /// Redis may have discarded a tag's index before the answers.
    /// </summary>
    private readonly ConcurrentDictionary<string, long> _evictedAt = new(StringComparer.Ordinal);

    /// <summary>Evictions by tag that Redis could not be told, until <see cref="CatchUpAsync"/> has told it.</summary>
    private readonly ConcurrentDictionary<string, GatewayMessageKind> _unpublished = new(StringComparer.Ordinal);

    /// <summary>When evictions may last have been missed, as a timestamp; null where the connection never broke.</summary>
    private object? _uncertainBefore;

    /// <summary>One sweep at a time. An eviction that finds its tag waiting for a sweep already needs no other.</summary>
    private readonly Budget _sweeping = new(1, clock);

    private readonly ConcurrentDictionary<string, bool> _toBeSwept = new(StringComparer.Ordinal);

    public async Task<StoredAnswer?> FindAsync(string key, CachePlan plan, Signature account)
    {
        if (await redis.ReadAsync(NameOf(key)) is not { } value
            || SealedValue.Open(value, key, account) is not { } plain
            || AnswerFormat.Read(plain, key, plan, clock) is not { } answer
            || answer.Tags.Any(tag => IsEvicted(answer, TagOf(tag))))
            return null;

        if (IsUncertain(answer))
            answer.MarkUncertain();
        return answer;
    }

    public async Task PutAsync(StoredAnswer answer, TimeSpan age, TimeSpan life, Signature account, TimeSpan patience)
    {
        if (!redis.IsUp || age >= life)
            return;

        var value = SealedValue.Seal(AnswerFormat.Write(answer, clock.GetUtcNow() - age), answer.Key, account);
        var tags = answer.Tags.Select(TagOf).ToArray();
        await redis.TryAsync(async () => await connections.WritingStore.SetAsync(NameOf(answer.Key), value, tags, life - age, CancellationToken.None), patience);

        // An eviction may have come between and swept the store, the tag's index included, before this was put there.
        if (!tags.Any(tag => _evictedAt.TryGetValue(tag, out var evictedAt) && evictedAt >= answer.StoredAt))
            return;

        await ForgetAsync(answer.Key);
        foreach (var tag in tags)
            await SweepAsync(tag);
    }

    /// <summary>Evictions may have been missed: what was stored before now is asked for anew before it is served.</summary>
    public void MarkUncertain() => Volatile.Write<object?>(ref _uncertainBefore, clock.GetTimestamp());

    /// <summary>Removes one answer. <c>IOutputCacheStore</c> has no delete by key, so an empty entry replaces it.</summary>
    public Task ForgetAsync(string key) =>
        redis.TryAsync(async () => await connections.Store.SetAsync(NameOf(key), [], null, TimeSpan.FromSeconds(1), CancellationToken.None));

    /// <summary>Evicts from the store and tells every other gateway. If Redis is down, <see cref="CatchUpAsync"/> does so before the store is read again.</summary>
    /// <param name="kind">What the other gateways are to do.</param>
    /// <param name="tag">Of the answers.</param>
    public async Task EvictAsync(GatewayMessageKind kind, string tag)
    {
        if (!connections.IsWanted)
            return;

        var evicted = TagOf(tag);
        NoteEviction(evicted);
        if (!await redis.TryAsync(() => EvictAndPublishAsync(kind, evicted)))
            _unpublished[evicted] = kind;
    }

    /// <summary>Evicts from the store alone, after another gateway has: this one may have stored at that very moment, behind the other's sweep.</summary>
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
            await redis.TryAsync(async () => await connections.Store.EvictByTagAsync(swept, CancellationToken.None), SweepPatience);
        }
        finally
        {
            _sweeping.Give(1);
        }
    }

    /// <summary>Evicts and publishes what Redis could not be told before.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        foreach (var (tag, kind) in _unpublished)
        {
            await EvictAndPublishAsync(kind, tag).OrAbandonAsync(cancellation);
            _unpublished.TryRemove(KeyValuePair.Create(tag, kind));
        }
    }

    /// <summary>In this order, so that a gateway that hears of it finds nothing in the store.</summary>
    private async Task EvictAndPublishAsync(GatewayMessageKind kind, string tag)
    {
        await connections.Store.EvictByTagAsync(tag, CancellationToken.None);
        await connections.PublishAsync(kind, tag);
    }

    private void NoteEviction(string tag)
    {
        _evictedAt[tag] = clock.GetTimestamp();
        if (_evictedAt.Count > MostTags)
            _evictedAt.TryRemove(_evictedAt.MinBy(eviction => eviction.Value));
    }

    private bool IsEvicted(StoredAnswer answer, string tag) =>
        _unpublished.ContainsKey(tag)
        || (_evictedAt.TryGetValue(tag, out var evictedAt) && clock.GetElapsedTime(evictedAt, answer.StoredAt) <= Skew);

    private bool IsUncertain(StoredAnswer answer) =>
        Volatile.Read(ref _uncertainBefore) is long before && clock.GetElapsedTime(before, answer.StoredAt) <= Skew;

    /// <summary>A hash, so that no path or query can be read in Redis.</summary>
    private static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string TagOf(string tag) => tag.ToLowerInvariant();
}
