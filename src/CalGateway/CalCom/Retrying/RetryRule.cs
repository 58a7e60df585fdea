using System.Net;
using System.Security.Authentication;
using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Journey;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.CalCom.Retrying;

/// <summary>Decides what may be sent once more: what was provably not sent, and reads that got no answer, or an edge's in Cal.com's place.</summary>
internal static class RetryRule
{
    public static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Whether the answer, of which nothing was passed on, is one to ask again for: an edge's 502, 503 or 504. A JSON with headers of the quota is Cal.com's own
    /// answer, which the same request would get again and which counts against the quota. One with Retry-After asks not to be asked again so soon.
    /// </summary>
    public static bool IsWorthAnother(HttpRequest request, HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        && IsRead(request)
        && !answer.Headers.NonValidated.Contains(RetryAfter.Header)
        && !IsCalComsOwn(answer);

    /// <summary>
    /// Whether a request that got no answer may be sent again. A time that ran out is no reason: the caller has waited for as long as anybody is to wait.
    /// </summary>
    public static bool IsWorthAnother(HttpRequest request, IForwarderErrorFeature failure) => failure switch
    {
        { Exception.InnerException: AuthenticationException } => false, // a certificate is no better the second time
        { Exception: var thrown } when FailureWords.HadNoConnection(thrown) => true,
        { Error: ForwarderError.Request, Exception: HttpRequestException } => IsRead(request),
        _ => false,
    };

    private static bool IsCalComsOwn(HttpResponseMessage answer) => QuotaHeaders.AreOn(answer)
        && answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) && type.ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>A body that has begun to be read is gone.</summary>
    private static bool IsRead(HttpRequest request)
    {
        var method = GatewayCall.Of(request.HttpContext).UpstreamMethod ?? request.Method;
        return (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0;
    }
}
