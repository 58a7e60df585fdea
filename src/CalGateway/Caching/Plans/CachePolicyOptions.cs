namespace CalGateway.Caching.Plans;

/// <summary>
/// <c>CalGateway:Cache:Policies:&lt;name&gt;</c>: for how long a stored answer may be served, which requests are the same,
/// and what makes it untrue. Nothing in it is special to one kind of list.
/// </summary>
internal sealed class CachePolicyOptions
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Served without asking Cal.com, counted from the moment it was stored. 1 second to 1 day; the default is 60 seconds.</summary>
    public TimeSpan Fresh { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Counted from the end of <see cref="Fresh"/>: served at once, while one request behind it fetches a newer one.
    /// Zero to 7 days; the default is 10 minutes.
    /// </summary>
    public TimeSpan StaleWhileRevalidate { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Counted from the end of <see cref="Fresh"/>: served where Cal.com fails (no connection, too slow, 5xx, 429).
    /// Zero to 7 days; the default is 24 hours.
    /// </summary>
    public TimeSpan StaleIfError { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// An empty list is served no longer than this and never stale: nothing there and nobody of that name look alike.
    /// 1 second to 1 day; the default is 5 seconds.
    /// </summary>
    public TimeSpan Empty { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The query parameters that make a different answer, in their exact case. A request with any other is forwarded as it is
    /// and not stored. Null for those of the policy's defaults: none, or Cal.com's own of the event-type lists.
    /// </summary>
    public string[]? Query { get; set; }

    /// <summary>What the entries can be evicted by. Null for the policy's own name.</summary>
    public string[]? Tags { get; set; }

    /// <summary>
    /// A write whose path, as the upstream gets it, has one of these segments evicts the entries, whatever the segment's case and place.
    /// Null for the policy's defaults: its own name or, for event types, the operations that the catalogue knows to show in their lists.
    /// </summary>
    public string[]? EvictedBy { get; set; }

    /// <summary>What is wrong, each to be read after the setting's name.</summary>
    public IEnumerable<(string Setting, string Message)> Validate() =>
    [
        .. Within(nameof(Fresh), Fresh, Second, Day),
        .. Within(nameof(StaleWhileRevalidate), StaleWhileRevalidate, TimeSpan.Zero, Week),
        .. Within(nameof(StaleIfError), StaleIfError, TimeSpan.Zero, Week),
        .. Within(nameof(Empty), Empty, Second, Day),
        .. Named(nameof(Query), Query),
        .. Named(nameof(Tags), Tags),
        .. Named(nameof(EvictedBy), EvictedBy),
    ];

    private static IEnumerable<(string, string)> Within(string name, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
            yield return (name, $"must lie between {least:c} and {most:c}.");
    }

    private static IEnumerable<(string, string)> Named(string name, string[]? values)
    {
        if (values?.Any(string.IsNullOrWhiteSpace) == true)
            yield return (name, "must hold no empty name.");
    }
}
