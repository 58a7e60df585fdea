namespace CalGateway.Caching.Filling;

/// <summary>The stages of a fill's request to Cal.com. <see cref="GatewayHost"/> sets them, beside those of a caller's request.</summary>
internal sealed class FillJourney
{
    private RequestDelegate? _run;

    public RequestDelegate Run => _run ?? throw new InvalidOperationException("The stages of a fill are set when the gateway is built.");

    public void Set(RequestDelegate run) => _run = run;
}
