using CalGateway.Access;
using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;
using CalGateway.Problems;

namespace CalGateway.Explain;

/// <summary>Whether a kind of caller may make the request, and how often.</summary>
/// <param name="Caller">The consumer's name, or a description of callers without a name.</param>
/// <param name="Refused">The code of the problem that this caller would get; null where it may make the request.</param>
/// <param name="Remedy">What would allow the request.</param>
/// <param name="Share">The caller's own rate limit; null for none.</param>
/// <param name="Account">The Cal.com account that signs for this caller; null for the gateway's own.</param>
/// <param name="Filtered">True where this caller gets only what everybody may see, nothing private of the owner.</param>
/// <param name="ApiVersion">The version that this caller has of its own for the route; null where it gets the pin.</param>
internal sealed record AccessExplanation(string Caller, string? Refused, string? Remedy, string? Share, string? Account, bool? Filtered, string? ApiVersion);

/// <summary>Asks the route's access rule once for each kind of caller that the settings know.</summary>
internal static class AccessExplainer
{
    /// <summary>
    /// Explains access for all kinds of callers. The rest of the explanation is for the first that is allowed, or for the consumer that is named.
    /// </summary>
    public static List<AccessExplanation> Explain(RoutePlan plan, HttpContext context, AccessOptions settings, string? consumer)
    {
        var access = plan.Part<RouteAccess>()!;
        var rules = access.Plan;
        var call = GatewayCall.Of(context);
        var explained = new List<AccessExplanation>();
        Caller? first = null;
        Caller? named = null;
        foreach (var caller in CallersOf(rules))
        {
            call.Identify(caller);
            var refusal = access.AnswersItself(context.Request) ? null : access.Refusal(context);
            if (consumer is null || consumer.Equals(caller.Name, StringComparison.OrdinalIgnoreCase))
            {
                named ??= caller;
                first ??= refusal is null ? caller : null;
            }

            var options = caller.Name is { } name ? settings.Consumers[name] : null;
            explained.Add(new AccessExplanation(
                NameOf(caller), refusal?.Code, refusal?.Remedy, RateLimitOf(options?.RateLimit), options?.Credential,
                refusal is null && call.IsFiltered ? true : null, call.Version.Consumer?.Version));
        }

        call.Identify(first ?? named ?? rules.DefaultCaller);
        _ = access.Refusal(context); // sets the credential that signs
        return explained;
    }

    public static string? RateLimitOf(RateLimitOptions? limit) => limit is null ? null : FormattableString.Invariant($"{limit.Requests} requests in {limit.Window:c}");

    /// <summary>Why a consumer cannot be explained; null where it can.</summary>
    public static string? ConsumerError(string consumer, AccessPlan rules, AccessOptions settings)
    {
        if (CallersOf(rules).Any(caller => consumer.Equals(caller.Name, StringComparison.OrdinalIgnoreCase)))
            return null;

        return settings.Consumers.ContainsKey(consumer)
            ? $"The consumer \"{consumer}\" has no key, and no token can name it."
            : $"There is no consumer \"{Redaction.Clean(consumer, 100)}\" under CalGateway:Access:Consumers.";
    }

    public static string NameOf(Caller caller) => caller switch
    {
        { Name: { } name, Kind: CallerKind.Jwt } => $"consumer {name}, by token",
        { Name: { } name } => $"consumer {name}",
        { Kind: CallerKind.Jwt } => "whoever else has a valid token",
        { Kind: CallerKind.Loopback } => "anybody on this machine",
        _ => "a stranger",
    };

    private static IEnumerable<Caller> CallersOf(AccessPlan rules) => rules.Keys.Callers.Concat(rules.Tokens?.Callers ?? []).Prepend(rules.DefaultCaller);
}
