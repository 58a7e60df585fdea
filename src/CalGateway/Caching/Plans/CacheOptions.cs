using CalGateway.Caching.Store.Sharing.Redis;
using CalGateway.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary><c>CalGateway:Cache</c>.</summary>
internal sealed class CacheOptions
{
    private const long Kibibyte = 1024;

    /// <summary>By the name that a route's <c>OutputCachePolicy</c> gives. <c>event-types</c> is there without being written.</summary>
    public Dictionary<string, CachePolicyOptions> Policies { get; set; } =
        new(StringComparer.OrdinalIgnoreCase) { [CachePolicyDefaults.EventTypes] = new() };

    /// <summary>
    /// The Redis that gateways share their answers through, as StackExchange.Redis writes it. A password comes from the
    /// environment. Null for each gateway on its own. Read at start.
    /// </summary>
    public string? Redis { get; set; }

    /// <summary>What all stored answers may take, compressed forms included. 64 KiB to 16 GiB, in bytes; the default is 64 MiB.</summary>
    public long MaxBytes { get; set; } = 64 * Kibibyte * Kibibyte;

    /// <summary>How many answers are stored. 1 to 1,000,000; the default is 10,000. The least recently used are evicted first.</summary>
    public int MaxEntries { get; set; } = 10_000;

    /// <summary>
    /// A longer body is streamed through and not stored, nor is one of more than half of <see cref="MaxBytes"/>. 1 KiB to 256 MiB, in bytes; the
    /// default is 4 MiB.
    /// </summary>
    public int MaxEntryBytes { get; set; } = (int)(4 * Kibibyte * Kibibyte);

    /// <summary>The longest body that is stored, in bytes.</summary>
    public int LargestBody => (int)Math.Min(MaxEntryBytes, MaxBytes / 2);

    /// <summary>
    /// For how long a failure is shared with those who ask next, before Cal.com is tried again; a Retry-After of its own
    /// counts instead, up to a minute. Zero to 1 minute; the default is 2 seconds.
    /// </summary>
    public TimeSpan FailureMemory { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long a caller waits for a newer answer where a stale one could be given. Zero to 1 minute; the default is 2 seconds.
    /// </summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long anybody waits for an answer that is to be stored. 1 second to 5 minutes; the default is 30 seconds.</summary>
    public TimeSpan Deadline { get; set; } = TimeSpan.FromSeconds(30);

    public CachePolicyOptions? Find(string name) => Policies.GetValueOrDefault(name);

    /// <summary>The policies that have a tag by now, whichever they had when their answers were stored.</summary>
    public IReadOnlySet<string> PoliciesWith(string tag) => Policies
        .Where(policy => (policy.Value.Tags ?? [policy.Key]).Contains(tag, StringComparer.OrdinalIgnoreCase))
        .Select(policy => policy.Key)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<Finding> Validate() =>
    [
        .. Reachable(Redis),
        .. Within(nameof(MaxBytes), MaxBytes, 64 * Kibibyte, 16 * Kibibyte * Kibibyte * Kibibyte, "bytes"),
        .. Within(nameof(MaxEntries), MaxEntries, 1, 1_000_000, "entries"),
        .. Within(nameof(MaxEntryBytes), MaxEntryBytes, Kibibyte, 256 * Kibibyte * Kibibyte, "bytes"),
        .. Within(nameof(FailureMemory), FailureMemory, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        .. Within(nameof(Patience), Patience, TimeSpan.Zero, TimeSpan.FromMinutes(1)),
        .. Within(nameof(Deadline), Deadline, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        .. from policy in Policies
           from problem in policy.Value.Validate()
           select Finding.Error(
               $"Cache:Policies:{policy.Key}:{problem.Setting} {problem.Message}", $"{Section}:Policies:{policy.Key}:{problem.Setting}"),
    ];

    private const string Section = $"{GatewayOptions.Section}:Cache";

    private static IEnumerable<Finding> Reachable(string? redis)
    {
        if (redis is { Length: > 0 } && RedisConnections.Problem(redis) is { } problem)
            yield return Finding.Error($"Cache:Redis {problem}", $"{Section}:Redis");
    }

    private static IEnumerable<Finding> Within(string name, long value, long least, long most, string unit)
    {
        if (value < least || value > most)
            yield return Finding.Error($"Cache:{name} must lie between {least} and {most} {unit}.", $"{Section}:{name}");
    }

    private static IEnumerable<Finding> Within(string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
            yield return Finding.Error($"Cache:{name} must lie between {least:c} and {most:c}.", $"{Section}:{name}");
    }
}
