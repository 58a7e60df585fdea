namespace CalGateway.Sandbox.Accounts;

internal sealed record VerifiedEmail(int Id, string Email, int? TeamId);
