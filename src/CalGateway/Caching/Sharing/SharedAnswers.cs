using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CalGateway.CalCom;
using CalGateway.Caching.Entries;
using CalGateway.Caching.Plans;
using Microsoft.AspNetCore.OutputCaching;
using StackExchange.Redis;

namespace CalGateway.Caching.Sharing;

/// <summary>
/// The answers that gateways share, in Redis by ASP.NET Core's own output cache store. Whatever is the matter with Redis, no
/// request fails of it: one operation waits a tenth of a second at most, and none is tried while Redis is known to be down.
/// </summary>
internal sealed partial class SharedAnswers(RedisLink link, Credential credential, TimeProvider clock, ILogger<SharedAnswers> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Evicted here while Redis was not to be reached: what lies there under these tags is not to be believed.</summary>
    private readonly ConcurrentDictionary<string, bool> _unsweptTags = new(StringComparer.Ordinal);

    private int _isUp;

    /// <summary>Redis answers, and holds nothing that was evicted.</summary>
    public bool IsUp => Volatile.Read(ref _isUp) == 1;

    public async Task<StoredAnswer?> FindAsync(string key, CachePlan plan)
    {
        var value = await TryAsync(store => store.GetAsync(NameOf(key), CancellationToken.None).AsTask());
        return value is not null && SealedValue.Open(value, key, credential) is { } plain ? AnswerFormat.Read(plain, key, plan, clock) : null;
    }

    public async Task PutAsync(StoredAnswer answer, TimeSpan age, TimeSpan life)
    {
        if (!IsUp || age >= life)
            return;

        var value = SealedValue.Seal(AnswerFormat.Write(answer, clock.GetUtcNow() - age), answer.Key, credential);
        var tags = answer.Tags.Select(TagOf).ToArray();
        await TryAsync(async store =>
        {
            await store.SetAsync(NameOf(answer.Key), value, tags, life - age, CancellationToken.None);
            return true;
        });
    }

    /// <summary>Evicts from the store, and has every other gateway evict; if that cannot be, it is made up for before the store is believed again.</summary>
    public async Task EvictAsync(string tag)
    {
        if (!link.IsWanted)
            return;

        if (!await SweepAsync(tag) || !await TryAsync(_ => link.PublishAsync(TagOf(tag))))
            _unsweptTags[TagOf(tag)] = true;
    }

    /// <summary>Evicts from the store alone; false where it could not be done.</summary>
    public Task<bool> SweepAsync(string tag) => TryAsync(async store =>
    {
        await store.EvictByTagAsync(TagOf(tag), CancellationToken.None);
        return true;
    });

    /// <summary>Finds out how Redis is. True where it has come back, in which case evictions of others may have been missed.</summary>
    /// <param name="evicted">Told, from now on, of every tag that another gateway evicts.</param>
    public async Task<bool> ProbeAsync(Func<string, Task> evicted)
    {
        var wasUp = IsUp;
        try
        {
            await link.PingAsync().WaitAsync(Patience, clock);
            await link.ListenAsync(evicted).WaitAsync(Patience, clock);
            foreach (var tag in _unsweptTags.Keys)
            {
                await link.Store.EvictByTagAsync(tag, CancellationToken.None).AsTask().WaitAsync(Patience, clock);
                await link.PublishAsync(tag).WaitAsync(Patience, clock);
                _unsweptTags.TryRemove(tag, out _);
            }
        }
        catch (Exception failure) when (IsRedis(failure))
        {
            GoDown(failure);
            return false;
        }

        if (wasUp || Interlocked.Exchange(ref _isUp, 1) == 1)
            return false;

        Log.Up(logger);
        return true;
    }

    private async Task<T?> TryAsync<T>(Func<IOutputCacheStore, Task<T>> act)
    {
        if (!IsUp)
            return default;

        try
        {
            return await act(link.Store).WaitAsync(Patience, clock);
        }
        catch (RedisServerException failure)
        {
            // It answers, and refuses: out of memory, read-only. Reading may well go on.
            Log.Refused(logger, failure.Message);
            return default;
        }
        catch (Exception failure) when (IsRedis(failure))
        {
            GoDown(failure);
            return default;
        }
    }

    private void GoDown(Exception failure)
    {
        if (Interlocked.Exchange(ref _isUp, 0) == 1)
            Log.Down(logger, failure.GetType().Name);
    }

    private static bool IsRedis(Exception failure) => failure is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException;

    /// <summary>Nothing of a path or a query is to be read in a Redis that others look into.</summary>
    private static string NameOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string TagOf(string tag) => tag.ToLowerInvariant();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis cannot be reached ({Failure}): this gateway answers from its own memory and from Cal.com until it can")]
        public static partial void Down(ILogger logger, string failure);

        [LoggerMessage(LogLevel.Information, "Redis is reached: answers are shared")]
        public static partial void Up(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "Redis refuses: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
