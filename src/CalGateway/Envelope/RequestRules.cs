using CalGateway.Diagnosis;

namespace CalGateway.Envelope;

/// <summary>What is refused before anything looks at it further.</summary>
internal static class RequestRules
{
    public static GatewayProblem? Refusal(HttpRequest request)
    {
        // An echo of the request as Cal.com saw it would hand out the key; a tunnel would leave every rule behind.
        if (HttpMethods.IsTrace(request.Method) || HttpMethods.IsConnect(request.Method))
        {
            return GatewayProblem.Of(
                ProblemTypes.InvalidRequest, $"{request.Method.ToUpperInvariant()} is not forwarded.", "Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.");
        }

        return null;
    }
}
