using CalGateway.Catalogue;
using CalGateway.Problems;

namespace CalGateway.Diagnosis.V1;

/// <summary>The problem for a call of API v1 on a Cal.com that has switched it off.</summary>
internal static class ApiV1Gone
{
    public static GatewayProblem ProblemFor(string method, string path)
    {
        var call = ApiV1Calls.Default.Find(method, path);
        var near = call is null ? CalComCatalogue.Default.FindNearMatches(method, $"/v2{path["/v1".Length..]}").Suggestions : [];
        return GatewayProblem.Of(ProblemTypes.ApiV1Gone, $"Cal.com has switched off API v1, and with it {method} {path}.", Remedy(call, near)) with
        {
            DidYouMean = call?.Operation is { } operation ? [operation.ToString()] : near is [] ? null : near,
        };
    }

    private static string Remedy(ApiV1Call? call, IReadOnlyList<string> near) => call switch
    {
        { Operation: { } operation } => $"Call {operation.Method} /calcom{operation.Template}. What else changes: {call.Changes}.",
        not null => $"API v2 has no such call: {call.Changes}.",
        null when near.Count > 0 => $"This gateway's list of API v1 does not have the call. Nearest to it in API v2: {Sentence.List(near)}; what else changes is in Cal.com's API v2 reference.",
        null => "This gateway's list of API v1 does not have the call. Look in Cal.com's API v2 reference for what does the same; its calls are below /calcom/v2.",
    };
}
