namespace CalGateway.Management.Tokens;

/// <summary>What a revision requires of operators on other machines.</summary>
/// <param name="File">The file with the token; null where none is set, so that they are refused.</param>
internal sealed record TokenPlan(TokenFile? File);
