namespace CalGateway.Sandbox.Accounts;

/// <summary>The one user, who owns the key and everything that belongs to no team.</summary>
internal sealed record User(
    int Id, string Username, string Email, string Name, string TimeZone, string WeekStart, int TimeFormat, string? Bio);
