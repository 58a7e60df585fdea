namespace CalGateway.Sandbox.Accounts;

/// <summary>A slot held for somebody who is still filling in the form.</summary>
internal sealed record Reservation(string Uid, int EventTypeId, DateTimeOffset Start, int Minutes, int HeldForMinutes, DateTimeOffset Until);
