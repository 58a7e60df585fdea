namespace CalGateway.Management.Listeners;

/// <summary>The health endpoints, which the management listener serves too.</summary>
/// <param name="Map">Maps them.</param>
internal sealed record OperatorHealth(Action<IEndpointRouteBuilder> Map);
