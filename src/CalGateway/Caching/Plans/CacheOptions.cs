using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary><c>CalGateway:Cache</c>.</summary>
internal sealed class CacheOptions
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>The policies by the name that routes give in <c>OutputCachePolicy</c>. <c>event-types</c> exists by default.</summary>
    public Dictionary<string, CachePolicyOptions> Policies { get; set; } =
        new(StringComparer.OrdinalIgnoreCase) { [CachePolicyDefaults.EventTypes] = new() };

    /// <summary>
    /// The Redis through which gateways share their answers, as a connection string of StackExchange.Redis. A password belongs in the environment. Null if
    /// each gateway has its own cache. Read at start.
    /// </summary>
    public string? Redis { get; set; }

    /// <summary>The memory for all stored answers, including their compressed forms. 64 KiB to 16 GiB, in bytes; the default is 64 MiB.</summary>
    public long MaxBytes { get; set; } = 64 * Mebibyte;

    /// <summary>The number of stored answers. 1 to 1,000,000; the default is 10,000. The least recently used are evicted first.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>
    /// The largest body that is stored; larger ones are only forwarded. Half of <see cref="MaxBytes"/> is a limit, too. 1 KiB to 256 MiB, in bytes; the
    /// default is 4 MiB.
    /// </summary>
    public int MaxEntryBytes { get; set; } = 4 * Mebibyte;

    /// <summary>The largest body that is stored, in bytes, by both limits.</summary>
    public int LargestBody => (int)Math.Min(MaxEntryBytes, MaxBytes / 2);

    /// <summary>
    /// For how long requests that follow a failure get the same failure, before Cal.com is asked again. If Cal.com sends Retry-After, that is used instead, up
    /// to a minute. Zero to 1 minute; the default is 2 seconds.
    /// </summary>
    public TimeSpan FailureMemory { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a caller waits for a newer answer before it is sent a stale one. Zero to 1 minute; the default is 2 seconds.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a fill may take. 1 second to 5 minutes; the default is 30 seconds.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    public CachePolicyOptions? Find(string name) => Policies.GetValueOrDefault(name);

    /// <summary>The policies that have a tag now. Their answers may have been stored under other tags.</summary>
    public IReadOnlySet<string> PoliciesWith(string tag) => Policies
        .Where(policy => (policy.Value.Tags ?? [policy.Key]).Contains(tag, StringComparer.OrdinalIgnoreCase))
        .Select(policy => policy.Key)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<Finding> Validate() =>
    [
        .. Reachable(Redis),
        .. Finding.Within("Cache:FailureMemory", FailureMemory, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        .. Finding.Within("Cache:Patience", Patience, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        .. Finding.Within("Cache:Deadline", Deadline, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        .. Policies.SelectMany(policy => policy.Value.Validate($"Cache:Policies:{policy.Key}")),
    ];

    private static IEnumerable<Finding> Reachable(string? redis)
    {
        if (redis is { Length: > 0 } && RedisConnections.Problem(redis) is { } problem)
            yield return Finding.Error($"Cache:Redis {problem}", $"{GatewayOptions.Section}:Cache:Redis");
    }
}
