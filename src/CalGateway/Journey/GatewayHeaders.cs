namespace CalGateway.Journey;

/// <summary>The gateway's own response headers.</summary>
internal static class GatewayHeaders
{
    /// <summary>Twelve hex digits of the configuration revision that served the request.</summary>
    public const string Revision = "CalGateway-Revision";

    /// <summary>The <c>cal-api-version</c> that was sent; only on forwarded requests.</summary>
    public const string ApiVersion = "CalGateway-Api-Version";

    /// <summary><c>legacy</c> on an answer that came in an older shape than the pinned version has.</summary>
    public const string Shape = "CalGateway-Shape";

    /// <summary>The trace id, by which to find the request in traces and logs.</summary>
    public const string RequestId = "X-Request-Id";

    /// <summary>Cal.com's own request id, for its support.</summary>
    public const string UpstreamRequestId = "CalGateway-Upstream-Request-Id";

    /// <summary>RFC 9211.</summary>
    public const string CacheStatus = "Cache-Status";

    /// <summary>RFC 9209.</summary>
    public const string ProxyStatus = "Proxy-Status";
}
