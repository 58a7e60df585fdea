namespace CalGateway.Caching;

/// <summary><c>CalGateway:Cache:Policies:&lt;name&gt;</c>: for how long a stored list may be served, and which requests are the same.</summary>
internal sealed class CachePolicyOptions
{
    public const string EventTypesName = "event-types";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>Served without asking Cal.com, counted from the moment it was stored. 1 second to 1 day; the default is 60 seconds.</summary>
    public TimeSpan Fresh { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The query parameters that make a different list, in their exact case. A request with any other is forwarded as it is
    /// and not stored. Null for none; the policy <c>event-types</c> knows those of Cal.com's event-type lists by itself.
    /// </summary>
    public string[]? Query { get; set; }

    /// <summary>The parameters are those of Cal.com's documentation of the user's, the team's and the organisation's lists.</summary>
    public static CachePolicyOptions EventTypes() => new()
    {
        Query = ["username", "usernames", "eventSlug", "orgSlug", "orgId", "sortCreatedAt", "hostsLimit", "take", "skip"],
    };

    public IEnumerable<(string Setting, string Message)> Validate(string name)
    {
        if (Fresh < Shortest || Fresh > Longest)
            yield return (nameof(Fresh), $"Cache:Policies:{name}:Fresh must lie between {Shortest:c} and {Longest:c}.");
    }
}
