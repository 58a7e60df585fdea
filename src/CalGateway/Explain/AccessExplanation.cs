using CalGateway.Access;
using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Explain;

/// <summary>Whether a kind of caller may make the request, and how often.</summary>
/// <param name="Caller">The consumer's name, or a description of callers without a name.</param>
/// <param name="Refused">The code of the problem that this caller would get; null where it may make the request.</param>
/// <param name="Remedy">What would allow the request.</param>
/// <param name="Share">The caller's own rate limit; null for none.</param>
/// <param name="Account">The Cal.com account that signs for this caller; null for the gateway's own.</param>
/// <param name="Filtered">True where this caller gets only what everybody may see, nothing private of the owner.</param>
internal sealed record AccessExplanation(string Caller, string? Refused, string? Remedy, string? Share, string? Account, bool? Filtered);

/// <summary>Asks the route's access rule once for each kind of caller that the settings know.</summary>
internal static class AccessExplainer
{
    /// <summary>Explains access for all kinds of callers, and sets the first that is allowed as the caller for the rest of the explanation.</summary>
    public static List<AccessExplanation> Explain(RoutePlan plan, HttpContext context, AccessOptions settings)
    {
        var access = plan.Part<RouteAccess>()!;
        var rules = access.Plan;
        var call = GatewayCall.Of(context);
        var explained = new List<AccessExplanation>();
        Caller? first = null;
        foreach (var caller in rules.Keys.Callers.Concat(rules.Tokens?.Callers ?? []).Prepend(rules.Nobody))
        {
            call.Identify(caller);
            var refusal = access.AnswersItself(context.Request) ? null : access.Refusal(context);
            first ??= refusal is null ? caller : null;
            var consumer = caller.Name is { } name ? settings.Consumers[name] : null;
            explained.Add(new AccessExplanation(
                NameOf(caller), refusal?.Code, refusal?.Remedy, RateLimitOf(consumer?.RateLimit), consumer?.Credential,
                refusal is null && call.IsFiltered ? true : null));
        }

        call.Identify(first ?? rules.Nobody);
        _ = access.Refusal(context); // sets the credential that signs
        return explained;
    }

    public static string? RateLimitOf(RateLimitOptions? limit) => limit is null ? null : FormattableString.Invariant($"{limit.Requests} requests in {limit.Window:c}");

    private static string NameOf(Caller caller) => caller switch
    {
        { Name: { } name, Kind: CallerKind.Jwt } => $"consumer {name}, by token",
        { Name: { } name } => $"consumer {name}",
        { Kind: CallerKind.Jwt } => "whoever else has a valid token",
        { Kind: CallerKind.Loopback } => "anybody on this machine",
        _ => "a stranger",
    };
}
