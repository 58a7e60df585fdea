namespace CalGateway.Caching.Plans;

/// <summary>The defaults of a policy. Only those of the shipped policy <c>event-types</c> are more than its name.</summary>
internal static class CachePolicyDefaults
{
    public const string EventTypes = "event-types";

    /// <summary>The parameters in Cal.com's documentation of the lists of users, teams and organisations.</summary>
    private static readonly string[] EventTypeParameters =
        ["username", "usernames", "eventSlug", "orgSlug", "orgId", "sortCreatedAt", "hostsLimit", "take", "skip"];

    /// <summary>An event type shows its owner or team, its members and its schedule.</summary>
    private static readonly string[] EventTypeSources =
        ["event-types", "event-types-app", "teams", "organizations", "memberships", "me", "users", "schedules", "managed-users"];

    public static string[] QueryOf(string policy) => IsEventTypes(policy) ? EventTypeParameters : [];

    /// <summary>The path segments by which a write evicts if the catalogue does not know its operation.</summary>
    public static string[] EvictedBy(string policy) => IsEventTypes(policy) ? EventTypeSources : [policy];

    public static bool IsEventTypes(string policy) => policy.Equals(EventTypes, StringComparison.OrdinalIgnoreCase);
}
