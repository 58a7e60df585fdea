namespace CalGateway.Sandbox.Accounts;

internal sealed record Team(int Id, int OrganizationId, string Name, string Slug);
