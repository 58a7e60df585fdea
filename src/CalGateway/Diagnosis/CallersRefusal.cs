using CalGateway.Journey;
using CalGateway.Problems;

namespace CalGateway.Diagnosis;

/// <summary>
/// The problem for a caller whose request Cal.com refused although the gateway's key did not sign it. Such a refusal says nothing about the gateway's key.
/// </summary>
internal static class CallersRefusal
{
    /// <param name="status">Cal.com's status: 403, or one that asks for a credential (401, 498).</param>
    /// <param name="words">Cal.com's message without keys; null where there was none.</param>
    /// <param name="file">The name of the settings file that an operator would edit.</param>
    public static GatewayProblem OfUnsigned(GatewayCall call, int status, string? words, string file) =>
        Of(status, words, "without a credential", Remedy(call, file), challenge: "Bearer");

    /// <summary>For a request with the caller's own token: Cal.com's status is passed on.</summary>
    /// <param name="endsToken">True where Cal.com refuses the token itself, not only this request.</param>
    public static GatewayProblem OfToken(int status, string? words, bool endsToken) => Of(
        status, words, "with the caller's own token",
        endsToken ? "Refresh the token at Cal.com, or have the user connect the account again." : "It is between the caller and Cal.com what this token may do.",
        challenge: "Bearer error=\"invalid_token\"") with
    {
        Status = status,
        EndsToken = endsToken,
    };

    private static GatewayProblem Of(int status, string? words, string how, string remedy, string challenge)
    {
        var isForbidden = status == StatusCodes.Status403Forbidden;
        var said = words is null ? "" : $" Cal.com says: {words}";
        var problem = GatewayProblem.Of(
            isForbidden ? ProblemTypes.Forbidden : ProblemTypes.Unauthenticated, $"Cal.com answered {status} to this request, which went to it {how}.{said}", remedy);
        return isForbidden ? problem : problem with { Challenge = challenge };
    }

    private static string Remedy(GatewayCall call, string file) => call.Plan switch
    {
        { Signs: false } plan =>
            $"The route {plan.RouteId} has no CalApiVersion, which is what signs. If the gateway's key is meant to be used, its operator can add " +
            $"{{ \"CalApiVersion\": … }} to the route's Transforms in {file}; it takes effect on save.",
        not null when call.AtStart.CanBeKnown => "Callers that the gateway knows are signed for: send a key or token that the gateway's operator has given out.",
        _ => "The gateway does not sign this for callers that it does not know. What Cal.com asks for, such as a login or another request body, is between the caller and Cal.com.",
    };
}
