using System.Net;
using System.Security.Authentication;
using CalGateway.CalCom.Headers;
using CalGateway.CalCom.Quota;
using CalGateway.CalCom.Traffic;
using CalGateway.Journey;
using Yarp.ReverseProxy.Forwarder;

namespace CalGateway.CalCom.Retrying;

/// <summary>Decides which requests may be sent a second time: those that were certainly not sent, and reads that got no answer or the error page of an edge.</summary>
internal static class RetryRule
{
    public static readonly TimeSpan MinDelay = TimeSpan.FromMilliseconds(50);
    public static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Whether a read that got this answer may be sent again: it is the 502, 503 or 504 of an edge. JSON with quota headers is Cal.com's own answer, which the same
    /// request would get again. An answer with Retry-After asks for a longer pause than a retry makes. Nothing of the answer may have been passed on.
    /// </summary>
    public static bool IsWorthAnother(HttpRequest request, HttpResponseMessage answer) =>
        answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout
        && IsRead(request)
        && !answer.Headers.NonValidated.Contains(RetryAfter.Header)
        && !IsCalComsOwn(answer);

    /// <summary>Whether a request that got no answer may be sent again. After a timeout it is not, because the caller has waited long enough.</summary>
    public static bool IsWorthAnother(HttpRequest request, IForwarderErrorFeature failure) => failure switch
    {
        { Exception.InnerException: AuthenticationException } => false, // the certificate would be the same again
        { Exception: var thrown } when ErrorTypes.HadNoConnection(thrown) => true,
        { Error: ForwarderError.Request, Exception: HttpRequestException } => IsRead(request),
        _ => false,
    };

    private static bool IsCalComsOwn(HttpResponseMessage answer) => QuotaHeaders.AreOn(answer)
        && answer.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type) && type.ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is a GET or HEAD without a body. A body may have been read in part, and could not be sent again.</summary>
    private static bool IsRead(HttpRequest request)
    {
        var method = GatewayCall.Of(request.HttpContext).UpstreamMethod ?? request.Method;
        return (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0;
    }
}
