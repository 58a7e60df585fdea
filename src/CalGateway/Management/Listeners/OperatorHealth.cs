namespace CalGateway.Management.Listeners;

/// <summary>The endpoints of health, which operators' probes may ask at the management listener as well. The host says which they are.</summary>
/// <param name="Map">Maps them.</param>
internal sealed record OperatorHealth(Action<IEndpointRouteBuilder> Map);
