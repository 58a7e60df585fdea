using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalGateway.Caching.Plans;
using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Journey.Callers;

namespace CalGateway.Caching.Store.Sharing;

/// <summary>The answers that gateways share in Redis, through ASP.NET Core's <c>IOutputCacheStore</c>.</summary>
internal sealed class SharedAnswers(RedisHealth redis, RedisConnections connections, TimeProvider clock)
{
    /// <summary>How much the clocks of two machines may differ.</summary>
    public static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(2);

    /// <summary>The time for a sweep, for which no caller waits.</summary>
    private static readonly TimeSpan SweepTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Limits the remembered evictions. Policies have a few tags; if operators evict by many others, the oldest are forgotten.</summary>
    private const int MaxTags = 1000;

    /// <summary>
    /// When each tag was last evicted. Older answers are ignored if they are still found: another gateway may have stored one after the eviction, and a full
    /// Redis may have discarded the index of a tag before its answers.
    /// </summary>
    private readonly ConcurrentDictionary<string, long> _evictedAt = new(StringComparer.Ordinal);

    /// <summary>Evictions that could not be sent to Redis, by tag, until <see cref="CatchUpAsync"/> has sent them.</summary>
    private readonly ConcurrentDictionary<string, GatewayMessageKind> _unpublished = new(StringComparer.Ordinal);

    /// <summary>When evictions of other gateways may last have been missed, as a timestamp; null if the connection never broke.</summary>
    private object? _uncertainBefore;

    /// <summary>Allows one sweep at a time. If a sweep of the same tag is already waiting, no other is needed.</summary>
    private readonly Budget _sweeping = new(1, clock);

    private readonly ConcurrentDictionary<string, bool> _toBeSwept = new(StringComparer.Ordinal);

    public async Task<StoredAnswer?> FindAsync(string key, CachePlan plan, Signature account)
    {
        if (await redis.ReadAsync(NameOf(key)) is not { } value
            || SealedValue.Open(value, key, account) is not { } plain
            || AnswerFormat.Read(plain, key, plan, clock) is not { } answer
            || NamesOf(answer).Any(name => IsEvicted(answer, name)))
            return null;

        if (IsUncertain(answer))
            answer.MarkUncertain();
        return answer;
    }

    public async Task PutAsync(StoredAnswer answer, TimeSpan age, TimeSpan life, Signature account, TimeSpan timeout)
    {
        if (!redis.IsUp || age >= life)
            return;

        var value = SealedValue.Seal(AnswerFormat.Write(answer, clock.GetUtcNow() - age), answer.Key, account);
        var tags = NamesOf(answer);
        await redis.TryAsync(async () => await connections.WritingStore.SetAsync(NameOf(answer.Key), value, tags, life - age, CancellationToken.None), timeout);

        // An eviction may have emptied the store, including the index of the tag, just before this answer was written.
        if (!tags.Any(tag => _evictedAt.TryGetValue(tag, out var evictedAt) && evictedAt >= answer.StoredAt))
            return;

        await ForgetAsync(answer.Key);
        foreach (var tag in tags)
            await SweepAsync(tag);
    }

    /// <summary>For when evictions of other gateways may have been missed. Answers that were stored before now are marked as uncertain when they are read.</summary>
    public void MarkUncertain() => Volatile.Write<object?>(ref _uncertainBefore, clock.GetTimestamp());

    /// <summary>Removes one answer. <c>IOutputCacheStore</c> has no delete by key, so an empty entry replaces it.</summary>
    public Task ForgetAsync(string key) =>
        redis.TryAsync(async () => await connections.Store.SetAsync(NameOf(key), [], null, TimeSpan.FromSeconds(1), CancellationToken.None));

    /// <summary>Evicts from Redis and tells all other gateways. If Redis is down, <see cref="CatchUpAsync"/> does both before Redis is read again.</summary>
    public async Task EvictAsync(GatewayMessageKind kind, string tag)
    {
        if (!connections.IsWanted)
            return;

        var evicted = TagOf(tag);
        RecordEviction(evicted);
        if (!await redis.TryAsync(() => EvictAndPublishAsync(kind, evicted)))
            _unpublished.AddOrUpdate(evicted, kind, (_, missed) => missed == GatewayMessageKind.Evict ? missed : kind); // an eviction includes the uncertainty
    }

    /// <summary>Evicts from Redis after another gateway has done so: this gateway may have stored an answer at the same moment, after the other's eviction.</summary>
    public async Task SweepAsync(string tag)
    {
        var swept = TagOf(tag);
        RecordEviction(swept);
        if (!_toBeSwept.TryAdd(swept, true))
            return;

        await _sweeping.TakeAsync(1, Timeout.InfiniteTimeSpan, CancellationToken.None);
        try
        {
            _toBeSwept.TryRemove(swept, out _);
            await redis.TryAsync(async () => await connections.Store.EvictByTagAsync(swept, CancellationToken.None), SweepTimeout);
        }
        finally
        {
            _sweeping.Release(1);
        }
    }

    /// <summary>Makes up for the evictions that could not be sent to Redis.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        foreach (var (tag, kind) in _unpublished)
        {
            await EvictAndPublishAsync(kind, tag).OrAbandonAsync(cancellation);
            _unpublished.TryRemove(KeyValuePair.Create(tag, kind));
        }
    }

    /// <summary>The eviction comes first, so that a gateway that receives the message finds nothing in Redis.</summary>
    private async Task EvictAndPublishAsync(GatewayMessageKind kind, string tag)
    {
        await connections.Store.EvictByTagAsync(tag, CancellationToken.None);
        await connections.PublishAsync(kind, tag);
    }

    private void RecordEviction(string tag)
    {
        _evictedAt[tag] = clock.GetTimestamp();
        if (_evictedAt.Count > MaxTags)
            _evictedAt.TryRemove(_evictedAt.MinBy(eviction => eviction.Value));
    }

    private bool IsEvicted(StoredAnswer answer, string tag) =>
        _unpublished.ContainsKey(tag)
        || (_evictedAt.TryGetValue(tag, out var evictedAt) && clock.GetElapsedTime(evictedAt, answer.StoredAt) <= MaxClockSkew);

    private bool IsUncertain(StoredAnswer answer) =>
        Volatile.Read(ref _uncertainBefore) is long before && clock.GetElapsedTime(before, answer.StoredAt) <= MaxClockSkew;

    /// <summary>A hash of the key, so that nobody can read paths or queries in Redis.</summary>
    private static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <summary>What an answer is evicted by: its tags, and the name of its policy, which stays the same when the tags are edited.</summary>
    private static string[] NamesOf(StoredAnswer answer) => [.. answer.Tags.Append(answer.Policy).Select(TagOf).Distinct(StringComparer.Ordinal)];

    private static string TagOf(string tag) => tag.ToLowerInvariant();
}
