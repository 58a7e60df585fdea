using CalGateway.Access.Browsers;
using CalGateway.Access.Callers;
using CalGateway.Access.Operations;
using CalGateway.Access.Settings;
using CalGateway.Journey;
using CalGateway.Journey.Callers;
using CalGateway.Problems;

namespace CalGateway.Access;

/// <summary>Who may call, by one revision of the settings. Whatever can be decided once for the revision is decided here.</summary>
internal sealed class AccessPlan
{
    public required AccessMode Mode { get; init; }

    /// <summary>The caller of requests without a credential: in the mode Loopback the owner of the machine, otherwise an anonymous caller.</summary>
    public required Caller DefaultCaller { get; init; }

    public required KeyRing Keys { get; init; }

    public required JwtCallers? Tokens { get; init; }

    /// <summary>Some route sends the callers' own Cal.com tokens, so an Authorization header may hold one.</summary>
    public required bool TakesCallersTokens { get; init; }

    /// <summary>The rights of an anonymous caller with a Cal.com token of its own. It sees only what belongs to the token, nothing of the owner's.</summary>
    public required Rights RightsOfTokens { get; init; }

    /// <summary>The other Cal.com accounts that consumers use, by their names in the settings.</summary>
    public required IReadOnlyDictionary<string, Credential> Accounts { get; init; }

    public required CorsRules Cors { get; init; }

    /// <summary>Null in the other modes, in which an address alone gives no rights.</summary>
    public required LoopbackRules? Loopback { get; init; }

    public required ClientAddress Clients { get; init; }

    public required AddressLimiters? Addresses { get; init; }

    public required long MaxBodyBytes { get; init; }

    /// <summary>Whether callers can identify themselves at all, by a key or a token.</summary>
    public bool CanBeKnown => !Keys.IsEmpty || Tokens is not null;

    /// <summary>Why a request is refused whoever sends it; null if it is not.</summary>
    public GatewayProblem? Refusal(HttpContext context)
    {
        if (Loopback?.Refusal(context.Request) is { } foreign)
            return foreign;
        return Addresses?.Take(Clients.Of(context)) is { } wait ? RateLimiters.Refusal(wait, "this address") : null;
    }

    /// <summary>The caller, whose accepted credential is then on the call. Null if a credential was presented and is not valid.</summary>
    public ValueTask<Caller?> IdentifyAsync(HttpContext context, GatewayCall call)
    {
        call.AcceptedCredential = null;
        if (!CanBeKnown || PresentedCredential.In(context.Request.Headers) is not { } presented)
            return new(DefaultCaller);

        return !presented.IsKeyByItsHeader && Tokens is not null && JwtCallers.LooksLikeToken(presented.Value)
            ? new(FindAsync(Tokens, context, call, presented))
            : new(Accept(Keys.Find(presented.Value, call.Started), call, presented));
    }

    /// <summary>Whether this is a key of the gateway, or a token whose audience is the gateway.</summary>
    public bool IsOwn(string token, DateTimeOffset now) => Keys.Find(token, now) is not null || Tokens?.IsAudienceOf(token) == true;

    /// <summary>
    /// Removes the gateway's own credentials before a request is forwarded to any cluster: the server there could otherwise call the gateway in the
    /// caller's name. A credential that the gateway does not know is meant for that server, and stays.
    /// </summary>
    public void RemoveCredential(IHeaderDictionary headers, GatewayCall call)
    {
        headers.Remove(PresentedCredential.TokenHeader);
        if (call.AcceptedCredential is not { } known)
            return;

        headers.Remove(known.Header);
        if (headers.TryGetValue(PresentedCredential.KeyHeader, out var key) && IsOwn(key.ToString(), call.Started))
            headers.Remove(PresentedCredential.KeyHeader);
        if (PresentedCredential.BearerIn(headers) is { } bearer && IsOwn(bearer, call.Started))
            headers.Remove(PresentedCredential.AuthorizationHeader);
    }

    private async Task<Caller?> FindAsync(JwtCallers tokens, HttpContext context, GatewayCall call, PresentedCredential presented) =>
        Accept(await tokens.FindAsync(context), call, presented);

    private Caller? Accept(Caller? found, GatewayCall call, PresentedCredential presented)
    {
        // On the developer's own machine an unknown Authorization is ignored: some clients always send one.
        if (found is null)
            return Mode == AccessMode.Loopback ? DefaultCaller : null;

        call.AcceptedCredential = presented;
        return found;
    }
}
