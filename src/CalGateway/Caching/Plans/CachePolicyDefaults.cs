namespace CalGateway.Caching.Plans;

/// <summary>What a policy means where <c>yarp.json</c> leaves it open; only the shipped policy has more to say than its name.</summary>
internal static class CachePolicyDefaults
{
    public const string EventTypes = "event-types";

    /// <summary>Those of Cal.com's documentation of the user's, the team's and the organisation's lists.</summary>
    private static readonly string[] EventTypeParameters =
        ["username", "usernames", "eventSlug", "orgSlug", "orgId", "sortCreatedAt", "hostsLimit", "take", "skip"];

    /// <summary>An event type shows its owner or team, its members and its schedule.</summary>
    private static readonly string[] EventTypeSources =
        ["event-types", "event-types-app", "teams", "organizations", "memberships", "me", "users", "schedules", "managed-users"];

    public static string[] QueryOf(string policy) => IsEventTypes(policy) ? EventTypeParameters : [];

    /// <summary>Of the event-type lists, the segments of paths by which a write that the catalogue does not know evicts.</summary>
    public static string[] EvictedBy(string policy) => IsEventTypes(policy) ? EventTypeSources : [policy];

    public static bool IsEventTypes(string policy) => policy.Equals(EventTypes, StringComparison.OrdinalIgnoreCase);
}
