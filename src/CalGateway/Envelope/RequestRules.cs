using CalGateway.Problems;
using Microsoft.AspNetCore.Connections.Features;

namespace CalGateway.Envelope;

/// <summary>Requests that are refused before any other stage sees them, because they are not safe to forward.</summary>
internal static class RequestRules
{
    /// <summary>Where Kestrel moves a Content-Length beside a Transfer-Encoding. Servers could disagree on where the request ends (smuggling).</summary>
    private const string MovedContentLength = "X-Content-Length";

    /// <summary>An old name for TRACE, which some servers still accept.</summary>
    private const string Track = "TRACK";

    public static GatewayProblem? Refusal(HttpRequest request)
    {
        // TRACE would echo the request with the gateway's key; CONNECT would open a tunnel to which no rule applies.
        if (HttpMethods.IsTrace(request.Method) || HttpMethods.IsConnect(request.Method)
            || request.Method.Equals(Track, StringComparison.OrdinalIgnoreCase))
        {
            return GatewayProblem.Of(
                ProblemTypes.InvalidRequest, $"{request.Method.ToUpperInvariant()} is not forwarded.",
                "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.");
        }

        // Methods are case-sensitive, but not all stages compare them so: they would disagree on what a "head" is.
        if (request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
            return GatewayProblem.Of(ProblemTypes.InvalidRequest, "Methods are written in capitals.", "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.");

        var headers = request.Headers;
        if (headers.TransferEncoding.Count > 0 && headers.ContainsKey(MovedContentLength))
        {
            request.HttpContext.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return GatewayProblem.Of(
                ProblemTypes.InvalidRequest, "The request has both a Content-Length and a Transfer-Encoding.", "Send one of them.");
        }

        // Cal.com's server decodes %2F after routing, ASP.NET Core before: they would disagree on which operation is meant.
        if (request.Path.Value is { } path && path.Contains('%') && path.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return GatewayProblem.Of(
                ProblemTypes.InvalidRequest, "The path holds an encoded slash (%2F), which is not forwarded.",
                "No path of Cal.com's needs one; send such a value in the query or the body.");
        }

        return null;
    }
}
