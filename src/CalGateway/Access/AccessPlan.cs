using CalGateway.Access.Browsers;
using CalGateway.Access.Callers;
using CalGateway.Access.Operations;
using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;

namespace CalGateway.Access;

/// <summary>Who may call, as one revision of the settings has it; everything that can be worked out once is.</summary>
internal sealed class AccessPlan
{
    public required AccessMode Mode { get; init; }

    /// <summary>Whoever is known by nothing: the owner of the machine in the mode Loopback, else a stranger.</summary>
    public required Caller Nobody { get; init; }

    public required KeyRing Keys { get; init; }

    public required JwtCallers? Tokens { get; init; }

    /// <summary>Some route sends the callers' own Cal.com tokens: what comes as Authorization may be one.</summary>
    public required bool TakesCallersTokens { get; init; }

    /// <summary>What a caller may reach that the gateway does not know and that brings a Cal.com token of its own: nothing there is the owner's.</summary>
    public required Rights RightsOfTokens { get; init; }

    /// <summary>The Cal.com accounts besides the gateway's own that consumers use, by their names in the settings.</summary>
    public required IReadOnlyDictionary<string, Credential> Accounts { get; init; }

    public required CorsRules Cors { get; init; }

    /// <summary>Null in the other modes, where the address is no authority.</summary>
    public required LoopbackRules? Loopback { get; init; }

    public required ClientAddress Clients { get; init; }

    public required AddressLimiters? Addresses { get; init; }

    public required long MaxBodyBytes { get; init; }

    /// <summary>Whether a stranger has a way to become known.</summary>
    public bool CanBeKnown => !Keys.IsEmpty || Tokens is not null;

    /// <summary>What keeps a request from being looked at further, whoever sends it; null for nothing.</summary>
    public GatewayProblem? Refusal(HttpContext context)
    {
        if (Loopback?.Refusal(context.Request) is { } foreign)
            return foreign;
        return Addresses?.Take(Clients.Of(context)) is { } wait ? RateLimiters.Refusal(wait, "this address") : null;
    }

    /// <summary>Who calls; null where something was presented that does not open. By what it is known is on the call then.</summary>
    public ValueTask<Caller?> IdentifyAsync(HttpContext context, GatewayCall call)
    {
        call.AcceptedCredential = null;
        if (!CanBeKnown || PresentedCredential.In(context.Request.Headers) is not { } presented)
            return new(Nobody);

        return !presented.IsKeyByItsHeader && Tokens is not null && JwtCallers.LooksLikeToken(presented.Value)
            ? new(FindAsync(Tokens, context, call, presented))
            : new(Accepted(Keys.Find(presented.Value, call.Started), call, presented));
    }

    /// <summary>A key of the gateway's, or a token that was made out to it.</summary>
    public bool IsOwn(string token, DateTimeOffset now) => Keys.Find(token, now) is not null || Tokens?.AreNamedBy(token) == true;

    /// <summary>
    /// What opened the gateway ends at it, towards every cluster: a server behind it could call the gateway in the caller's name. Another
    /// credential, which the gateway does not know, is between the caller and that server.
    /// </summary>
    public void RemoveCredential(IHeaderDictionary headers, GatewayCall call)
    {
        headers.Remove(PresentedCredential.TokenHeader);
        if (call.AcceptedCredential is not { } known)
            return;

        headers.Remove(known.Header);
        if (headers.TryGetValue(PresentedCredential.KeyHeader, out var key) && Opens(key.ToString()))
            headers.Remove(PresentedCredential.KeyHeader);
        if (PresentedCredential.BearerIn(headers) is { } bearer && Opens(bearer))
            headers.Remove(PresentedCredential.AuthorizationHeader);

        bool Opens(string other) => other == known.Value || Keys.Find(other, call.Started) is not null;
    }

    private async Task<Caller?> FindAsync(JwtCallers tokens, HttpContext context, GatewayCall call, PresentedCredential presented) =>
        Accepted(await tokens.FindAsync(context), call, presented);

    private Caller? Accepted(Caller? found, GatewayCall call, PresentedCredential presented)
    {
        // At the developer's own machine a foreign Authorization is a habit of some client, and no claim.
        if (found is null)
            return Mode == AccessMode.Loopback ? Nobody : null;

        call.AcceptedCredential = presented;
        return found;
    }
}
