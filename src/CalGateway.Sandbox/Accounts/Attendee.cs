namespace CalGateway.Sandbox.Accounts;

/// <summary>Who booked.</summary>
internal sealed record Attendee(string Name, string Email, string TimeZone, string Language, string? PhoneNumber);
