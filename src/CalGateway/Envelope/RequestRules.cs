using CalGateway.Problems;
using Microsoft.AspNetCore.Connections.Features;

namespace CalGateway.Envelope;

/// <summary>What is refused before anything looks at it further.</summary>
internal static class RequestRules
{
    /// <summary>Where Kestrel puts a Content-Length that came with a Transfer-Encoding: two servers could disagree on where such a request ends.</summary>
    private const string AmbiguousLength = "X-Content-Length";

    private const string TraceOfOldServers = "TRACK";

    public static GatewayProblem? Refusal(HttpRequest request)
    {
        // An echo of the request as Cal.com saw it would hand out the key; a tunnel would leave every rule behind.
        if (HttpMethods.IsTrace(request.Method) || HttpMethods.IsConnect(request.Method)
            || request.Method.Equals(TraceOfOldServers, StringComparison.OrdinalIgnoreCase))
        {
            return GatewayProblem.Of(
                ProblemTypes.InvalidRequest, $"{request.Method.ToUpperInvariant()} is not forwarded.",
                "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.");
        }

        // Methods are case-sensitive; some stages overlook that, others do not, and they would disagree on what a "head" is.
        if (request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
            return GatewayProblem.Of(ProblemTypes.InvalidRequest, "Methods are written in capitals.", "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.");

        var headers = request.Headers;
        if (headers.TransferEncoding.Count > 0 && headers.ContainsKey(AmbiguousLength))
        {
            request.HttpContext.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            return GatewayProblem.Of(
                ProblemTypes.InvalidRequest, "The request has both a Content-Length and a Transfer-Encoding.", "Send one of them.");
        }

        // Express decodes it after routing, we before: no two stages would agree on which operation is asked for.
        if (request.Path.Value is { } path && path.Contains('%') && path.Contains("%2F", StringComparison.OrdinalIgnoreCase))
        {
            return GatewayProblem.Of(
                ProblemTypes.InvalidRequest, "The path holds an encoded slash (%2F), which is not forwarded.",
                "No path of Cal.com's needs one; send such a value in the query or the body.");
        }

        return null;
    }
}
