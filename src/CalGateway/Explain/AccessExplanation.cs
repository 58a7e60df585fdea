using CalGateway.Access;
using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Journey.Routes;

namespace CalGateway.Explain;

/// <summary>Whether a caller may ask, and how often.</summary>
/// <param name="Caller">The consumer's name, or what stands for whoever has none.</param>
/// <param name="Refused">The code of the problem that it would get; null where it may.</param>
/// <param name="Remedy">What would open it.</param>
/// <param name="Share">Its own rate limit; null where it has none.</param>
/// <param name="Account">The Cal.com account that signs for it, where that is not the gateway's own.</param>
/// <param name="Filtered">It sees what everybody may see, and nothing of the owner's.</param>
internal sealed record AccessExplanation(string Caller, string? Refused, string? Remedy, string? Share, string? Account, bool? Filtered);

/// <summary>Puts the question to the route's own rule, once for each kind of caller that the settings know.</summary>
internal static class WhoMay
{
    /// <summary>The rest of the explanation is for the first who may.</summary>
    public static List<AccessExplanation> Ask(RoutePlan plan, HttpContext context, AccessOptions settings)
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
                NameOf(caller), refusal?.Code, refusal?.Remedy, ShareOf(consumer?.RateLimit), consumer?.Credential,
                refusal is null && call.IsFiltered ? true : null));
        }

        call.Identify(first ?? rules.Nobody);
        _ = access.Refusal(context); // decides whose credential signs
        return explained;
    }

    public static string? ShareOf(RateLimitOptions? limit) => limit is null ? null : FormattableString.Invariant($"{limit.Requests} requests in {limit.Window:c}");

    private static string NameOf(Caller caller) => caller switch
    {
        { Name: { } name, Kind: CallerKind.Jwt } => $"consumer {name}, by token",
        { Name: { } name } => $"consumer {name}",
        { Kind: CallerKind.Jwt } => "whoever else has a valid token",
        { Kind: CallerKind.Loopback } => "anybody on this machine",
        _ => "a stranger",
    };
}
