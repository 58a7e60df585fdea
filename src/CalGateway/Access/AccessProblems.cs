using CalGateway.Access.Operations;
using CalGateway.Catalogue;
using CalGateway.Journey.Callers;
using CalGateway.Problems;

namespace CalGateway.Access;

/// <summary>The problems with which access refuses: what was refused, and who can do what about it.</summary>
internal static class AccessProblems
{
    public static GatewayProblem Unauthenticated(AccessPlan plan, bool authorizationIsTaken = false) =>
        GatewayProblem.Of(
            ProblemTypes.Unauthenticated, "This needs a caller that the gateway knows.",
            authorizationIsTaken ? "Send a key or token for the gateway in X-Api-Key or CalGateway-Token; Authorization holds the one for Cal.com." : Remedy(plan)) with
        { Challenge = "Bearer" };

    /// <param name="fault">What is wrong with the token that came; null if none came.</param>
    public static GatewayProblem WithoutToken(string? fault) => GatewayProblem.Of(
        ProblemTypes.Unauthenticated, $"This goes to Cal.com with the caller's own token. {fault ?? "There is none."}",
        "Send one Cal.com access token as Authorization: Bearer. A key or token for the gateway itself comes in X-Api-Key or CalGateway-Token.") with
    {
        Challenge = fault is null ? "Bearer" : "Bearer error=\"invalid_token\"",
    };

    public static GatewayProblem Rejected(AccessPlan plan) =>
        GatewayProblem.Of(ProblemTypes.Unauthenticated, "What was presented is not valid, or no longer.", Remedy(plan))
            with { Challenge = "Bearer error=\"invalid_token\"" };

    /// <summary>The key may be valid. So many wrong keys have come that, for a moment, no key is tried against the hashes of the older form.</summary>
    public static GatewayProblem NotTried() =>
        GatewayProblem.Of(ProblemTypes.Unauthenticated, "The gateway does not know what was presented, and has had to try too many wrong keys to try it just now.",
            "Ask again after the time that Retry-After gives. The gateway's operator can end this: make new keys with \"calgateway hash-key\", which are found without trying.")
            with { Challenge = "Bearer error=\"invalid_token\"", RetryAfter = TimeSpan.FromSeconds(1) };

    public static GatewayProblem Closed(Operation? operation, string method) => operation is null
        ? GatewayProblem.Of(ProblemTypes.NotExposed, $"The gateway does not expose this {NameOf(method)}: it is unknown, and what stands beside it is closed.")
        : GatewayProblem.Of(ProblemTypes.NotExposed, $"{operation} is not exposed: {Exposures.WhyClosed(operation)}.",
            $"If callers really need it, the gateway's operator can add \"{operation}\" to CalGateway:Access:Allow in yarp.json.");

    public static GatewayProblem NotForAnonymous(Operation? operation) => GatewayProblem.Of(
        ProblemTypes.NotExposed, $"{operation?.ToString() ?? "What was asked for"} is not exposed to callers that the gateway does not know.",
        "The gateway's operator can give out keys: CalGateway:Access:Consumers in yarp.json.");

    public static GatewayProblem NotYours(Caller caller, Operation? operation, string method) => GatewayProblem.Of(
        ProblemTypes.Forbidden, $"The consumer \"{caller.Name}\" may not use {operation?.ToString() ?? NameOf(method) + " on this path"}.",
        $"The gateway's operator can add it to CalGateway:Access:Consumers:{caller.Name}:Operations in yarp.json.");

    public static GatewayProblem Ambiguous(ReadOnlySpan<char> path) => GatewayProblem.Of(
        ProblemTypes.InvalidRequest, $"The path can be read in more than one way: it holds {CanonicalPath.FaultOf(path)}.",
        "Leave out empty segments, semicolons, backslashes, brackets, blanks, and percent signs other than in a single encoding of a letter or digit.");

    private static string Remedy(AccessPlan plan) => (plan.Keys.IsEmpty, plan.Tokens is null) switch
    {
        (false, true) => "Send a key that the gateway's operator has given out in X-Api-Key, or as Authorization: Bearer.",
        (true, false) => "Send a token of the issuer that the gateway trusts as Authorization: Bearer.",
        _ => "Send a key that the gateway's operator has given out in X-Api-Key, or a token as Authorization: Bearer.",
    };

    private static string NameOf(string method) => Redaction.Clean(method.ToUpperInvariant(), 20);
}
