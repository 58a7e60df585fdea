namespace CalGateway.CalCom;

/// <summary>
/// The request headers of a caller that Cal.com gets to see. It is a list of what may pass, because the list of what may
/// not has no end: credentials, cookies, addresses, trace context and whatever a proxy in front of us adds.
/// </summary>
internal static class CallerHeaders
{
    public static readonly string[] Forwarded =
    [
        "Accept", "Accept-Language", "User-Agent",
        "Content-Type", "Content-Length", "Content-Encoding", "Content-Language", "Content-Disposition",
        "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since", "Range", "If-Range",
        "Cache-Control", "Prefer", "Idempotency-Key",
    ];
}
