namespace CalGateway.Sandbox.Accounts;

/// <summary>A link with which anybody can book an event type, until a time or for a number of uses.</summary>
internal sealed record PrivateLink(string Id, int EventTypeId, DateTimeOffset? ExpiresAt, int MaxUsageCount);
