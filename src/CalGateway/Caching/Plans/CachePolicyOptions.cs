using CalGateway.Configuration;

namespace CalGateway.Caching.Plans;

/// <summary>
/// <c>CalGateway:Cache:Policies:&lt;name&gt;</c>: for how long a stored answer may be served, which requests have the same answer, and which writes
/// evict it.
/// </summary>
internal sealed class CachePolicyOptions
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>For how long an answer is served without asking Cal.com, from the moment it was stored. 1 second to 1 day; the default is 60 seconds.</summary>
    public TimeSpan Fresh { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// For how long after <see cref="Fresh"/> an answer is served at once while one request in the background fetches a newer one. Zero to 7 days; the default
    /// is 10 minutes.
    /// </summary>
    public TimeSpan StaleWhileRevalidate { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// For how long after <see cref="Fresh"/> an answer is served if Cal.com fails (no connection, too slow, 5xx, 429). Zero to 7 days; the default is
    /// 24 hours.
    /// </summary>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// For how long an empty list is served; it is never served stale. Cal.com also sends an empty list for a user that does not exist yet. 1 second to 1 day;
    /// the default is 5 seconds.
    /// </summary>
    public TimeSpan Empty { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The query parameters that the answer depends on, in their exact case. A request with any other parameter is forwarded, and its answer is not stored.
    /// Null for the defaults of the policy: none, or for <c>event-types</c> those of Cal.com's lists.
    /// </summary>
    public string[]? Query { get; set; }

    /// <summary>The tags by which answers can be evicted. Null for the name of the policy.</summary>
    public string[]? Tags { get; set; }

    /// <summary>
    /// A write evicts if its upstream path has one of these segments, in any case and at any place. Null for the defaults of the policy: its name or, for
    /// <c>event-types</c>, the operations that change these lists according to the catalogue.
    /// </summary>
    public string[]? EvictedBy { get; set; }

    /// <param name="key">The key of the policy below <c>CalGateway</c>.</param>
    public IEnumerable<Finding> Validate(string key) =>
    [
        .. Finding.Within($"{key}:Fresh", Fresh, Second, Day),
        .. Finding.Within($"{key}:StaleWhileRevalidate", StaleWhileRevalidate, TimeSpan.Zero, Week),
        .. Finding.Within($"{key}:StaleIfError", StaleIfError, TimeSpan.Zero, Week),
        .. Finding.Within($"{key}:Empty", Empty, Second, Day),
        .. Named($"{key}:Query", Query),
        .. Named($"{key}:Tags", Tags),
        .. Named($"{key}:EvictedBy", EvictedBy),
    ];

    private static IEnumerable<Finding> Named(string key, string[]? values)
    {
        if (values?.Any(string.IsNullOrWhiteSpace) == true)
            yield return Finding.Error($"{key} must hold no empty name.", $"{GatewayOptions.Section}:{key}");
    }
}
