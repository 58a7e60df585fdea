namespace CalGateway.Sandbox.Accounts;

/// <summary>A link that opens an event type to whoever has it, until a time or for a number of uses.</summary>
internal sealed record PrivateLink(string Id, int EventTypeId, DateTimeOffset? ExpiresAt, int MaxUsageCount);
