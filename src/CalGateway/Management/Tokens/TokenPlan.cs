namespace CalGateway.Management.Tokens;

/// <summary>What a revision asks of operators on other machines.</summary>
/// <param name="File">Holds their token; null where they have none and are told so.</param>
internal sealed record TokenPlan(TokenFile? File);
