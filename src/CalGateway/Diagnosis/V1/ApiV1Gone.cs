using CalGateway.Catalogue;

namespace CalGateway.Diagnosis.V1;

/// <summary>What to tell a caller of API v1 whose Cal.com has switched it off.</summary>
internal static class ApiV1Gone
{
    public static GatewayProblem Judge(string method, string path)
    {
        var call = ApiV1Calls.Default.Find(method, path);
        return GatewayProblem.Of(ProblemTypes.ApiV1Gone, $"Cal.com has switched off API v1, and with it {method} {path}.", Remedy(call)) with
        {
            DidYouMean = call?.Operation is { } operation ? [operation.ToString()] : null,
        };
    }

    private static string Remedy(ApiV1Call? call) => call switch
    {
        { Operation: { } operation } => $"Call {operation.Method} /calcom{operation.Template}. What else changes: {call.Changes}.",
        not null => $"API v2 has no such call: {call.Changes}.",
        null => "Look in Cal.com's API v2 reference for what does the same; its calls are below /calcom/v2.",
    };
}
