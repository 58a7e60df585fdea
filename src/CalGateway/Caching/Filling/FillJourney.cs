namespace CalGateway.Caching.Filling;

/// <summary>The way that a fill's request takes to Cal.com. <see cref="GatewayHost"/> names its stages, where it names those of a caller's request.</summary>
internal sealed class FillJourney
{
    private RequestDelegate? _run;

    public RequestDelegate Run => _run ?? throw new InvalidOperationException("The way of a fill is set when the gateway is built.");

    public void Set(RequestDelegate run) => _run = run;
}
