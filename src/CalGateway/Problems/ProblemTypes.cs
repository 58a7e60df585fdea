namespace CalGateway.Problems;

/// <summary>All types of problems that the gateway answers with.</summary>
internal static class ProblemTypes
{
    public static readonly ProblemType ApiVersionMismatch = new("api-version-mismatch", 502, "Cal.com has no such route at this API version",
        [
            "The route's CalApiVersion in yarp.json is a version that this operation does not answer. Cal.com picks the route by the cal-api-version " +
            "header, for each family of endpoints on its own, and answers a known but wrong version with 404 \"Cannot GET …\".",
            "The operation is an old one that its family's current version has dropped.",
        ],
        "Set CalApiVersion of the named route to the suggested version and save yarp.json: it takes effect within two seconds. Callers need do nothing. Where a " +
        "consumer has a version of its own for the route, the remedy names that line.");

    public static readonly ProblemType UnknownEndpoint = new("unknown-endpoint", 502, "Cal.com has no such endpoint",
        [
            "The path or the method is misspelt; didYouMean names the nearest ones.",
            "The /v2 in front of the path is missing.",
            "CALCOM_BASE_URL points to a Cal.com that is older, or lacks or repeats a part of the path.",
        ],
        "Correct the caller's path or method.");

    public static readonly ProblemType ResourceNotFound = new("resource-not-found", 502, "Cal.com does not have what was asked for",
        [
            "The id or name does not exist, or was deleted.",
            "It belongs to another account than the gateway's credential.",
        ],
        "Check the id. If an honest 404 suits the callers better, add { \"CalNotFound\": \"RouteMiss\" } to the route's transforms.");

    public static readonly ProblemType UnrecognisedNotFound = new("unrecognised-not-found", 502, "Something that is not Cal.com's API answered 404",
        [
            "CALCOM_BASE_URL, or the destination in yarp.json, names another host: Cal.com's web site instead of its API, a proxy, a captive portal.",
            "A content delivery network answered in Cal.com's place.",
        ],
        "Check the address of the cluster \"calcom\": the hosted API is https://api.cal.com.");

    public static readonly ProblemType UpstreamUnreachable = new("upstream-unreachable", 502, "The upstream cannot be reached",
        ["The name does not resolve, the connection is refused, or TLS cannot be agreed.", "Cal.com, or the cluster that the problem names, is down.", "A firewall lets the gateway not out."],
        "Check the address, DNS and outgoing connections of the gateway's host, then Cal.com's status page. Callers may retry.");

    public static readonly ProblemType UpstreamTimeout = new("upstream-timeout", 504, "The upstream took too long to answer",
        ["Cal.com, or the cluster that the problem names, is slow or overloaded.", "The route's cluster has a short ActivityTimeout, or the route a short Timeout."],
        "Callers may retry reads. A write may have been carried out: look before sending it again.");

    public static readonly ProblemType NotStored = new("not-stored", 504, "Nothing is stored for this request",
        ["The caller sent Cache-Control: only-if-cached, which keeps the gateway from asking Cal.com (RFC 9111, section 5.2.1.7)."],
        "Callers ask without only-if-cached.");

    public static readonly ProblemType UpstreamInvalid = new("upstream-invalid", 502, "The upstream's answer was broken",
        ["The connection broke before the answer was complete.", "What answered does not speak HTTP as it should."],
        "Callers may retry reads. If it stays, check what stands between the gateway and Cal.com.");

    public static readonly ProblemType CredentialRejected = new("credential-rejected", 502, "Cal.com does not accept the gateway's credential",
        ["The key was revoked, refreshed or has expired.", "It is a key of another Cal.com than the one that is asked.", "It may not do what was asked."],
        "Callers can do nothing. Give the gateway a valid key in CALCOM_API_KEY or CALCOM_API_KEY_FILE; a file is read again when it changes.");

    public static readonly ProblemType ShapeMismatch = new("shape-mismatch", 502, "Cal.com answered in an older shape than was asked for",
        [
            "The route's CalApiVersion in yarp.json is a version that this Cal.com does not know. It takes such a one, silently, for its oldest.",
            "Something between the gateway and Cal.com drops the cal-api-version header.",
        ],
        "Set CalApiVersion of the named route to the suggested version. With CalGateway:Diagnosis:Shape \"Report\" such answers are passed on, " +
        "marked with the header CalGateway-Shape.");

    public static readonly ProblemType QuotaExhausted = new("quota-exhausted", 503, "The Cal.com quota is used up for now",
        ["The gateway's key has made as many requests as Cal.com allows a minute."],
        "Retry after the time that Retry-After gives. Cache more, or ask Cal.com for a higher limit.");

    public static readonly ProblemType CircuitOpen = new("circuit-open", 503, "Cal.com is failing or overloaded, and is given time to recover",
        [
            "Most of the latest requests to Cal.com failed (CalGateway:Upstream:Circuit).",
            "As many requests as CalGateway:Upstream:MaxConcurrency allows are at Cal.com, and as many again wait: it answers slowly, or not at all.",
            "The cache is fetching as many lists as it may at once (128).",
        ],
        "Retry after the time that Retry-After gives; the gateway tries by itself whether Cal.com is back.");

    public static readonly ProblemType ApiV1Gone = new("api-v1-gone", 502, "Cal.com has switched off API v1",
        ["The caller uses /v1, which Cal.com answers with 410."],
        "Move the caller to the v2 call that the problem names.");

    public static readonly ProblemType NotExposed = new("not-exposed", 403, "The gateway does not expose this operation",
        ["It would let the caller do with the owner's key what only the owner should."],
        "If callers really need it, open it by method and path under CalGateway:Access:Allow.");

    public static readonly ProblemType Unauthenticated = new("unauthenticated", 401, "The gateway does not know who is asking",
        ["No credential was presented, or one that is wrong or expired.", "Cal.com asks for a credential, and the gateway sends this request without one.",
            "The route sends the caller's own Cal.com token, and there is none, or Cal.com does not take it (any more)."],
        "Present a credential that the gateway's operator has given out; where the route sends the caller's own token, one that Cal.com takes, as Authorization: Bearer.");

    public static readonly ProblemType Forbidden = new("forbidden", 403, "This caller may not do this",
        ["The consumer is not allowed this operation, or the request comes from a web page that is not allowed.", "Cal.com refused a request that the gateway sends without a credential."],
        "Ask the gateway's operator.");

    public static readonly ProblemType TooManyRequests = new("too-many-requests", 429, "Too many requests",
        ["The caller has used up its share."],
        "Retry after the time that Retry-After gives.");

    public static readonly ProblemType PayloadTooLarge = new("payload-too-large", 413, "The request body is too large",
        ["The body is larger than CalGateway:Access:MaxBodyBytes in yarp.json (1048576 bytes unless set).", "It is larger than the route's own MaxRequestBodySize. The tighter of the two decides."],
        "Send less at once, or raise the setting that the problem names.");

    public static readonly ProblemType InvalidRequest = new("invalid-request", 400, "The request cannot be understood or is not safe to forward",
        ["The method, the path, a header or the body is not well-formed.", "TRACE and CONNECT are never forwarded."],
        "Correct the request.");

    public static readonly ProblemType NoRoute = new("no-route", 404, "The gateway has no route for this path",
        ["The path does not begin with /calcom.", "yarp.json has no route that matches it."],
        "Put /calcom in front of Cal.com's path, such as /calcom/v2/event-types, or add a route to yarp.json.");

    public static readonly ProblemType InternalError = new("internal-error", 500, "The gateway failed",
        ["A fault in the gateway itself."],
        "Look for the trace id in the gateway's log and report what it says.");

    public static readonly IReadOnlyList<ProblemType> All =
    [
        ApiVersionMismatch, UnknownEndpoint, ResourceNotFound, UnrecognisedNotFound, UpstreamUnreachable, UpstreamTimeout, UpstreamInvalid, NotStored,
        CredentialRejected, ShapeMismatch, QuotaExhausted, CircuitOpen, ApiV1Gone, NotExposed, Unauthenticated, Forbidden, TooManyRequests, PayloadTooLarge,
        InvalidRequest, NoRoute, InternalError,
    ];
}
