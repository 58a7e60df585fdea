namespace CalGateway.Journey;

/// <summary>The response headers that are the gateway's own.</summary>
internal static class GatewayHeaders
{
    /// <summary>Twelve hex digits of the configuration revision that served the request.</summary>
    public const string Revision = "CalGateway-Revision";

    /// <summary>The <c>cal-api-version</c> that was sent; only on what was forwarded.</summary>
    public const string ApiVersion = "CalGateway-Api-Version";

    /// <summary><c>legacy</c> on an answer that came in an older shape than the pinned version has.</summary>
    public const string Shape = "CalGateway-Shape";

    /// <summary>The trace id, by which the request is found in traces and logs.</summary>
    public const string RequestId = "X-Request-Id";

    /// <summary>Cal.com's own request id, for its support.</summary>
    public const string UpstreamRequestId = "CalGateway-Upstream-Request-Id";

    /// <summary>RFC 9211.</summary>
    public const string CacheStatus = "Cache-Status";

    /// <summary>RFC 9209.</summary>
    public const string ProxyStatus = "Proxy-Status";
}
