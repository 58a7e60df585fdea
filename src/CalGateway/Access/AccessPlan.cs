using CalGateway.Access.Browsers;
using CalGateway.Access.Callers;
using CalGateway.Access.Operations;
using CalGateway.Access.Settings;
using CalGateway.CalCom.Credentials;
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

    /// <summary>The other Cal.com accounts that consumers use.</summary>
    public required OtherAccounts Accounts { get; init; }

    public required CorsRules Cors { get; init; }

    /// <summary>Null in the other modes, in which an address alone gives no rights.</summary>
    public required LoopbackRules? Loopback { get; init; }

    public required ClientAddress Clients { get; init; }

    public required RateLimiters Limiters { get; init; }

    public required long MaxBodyBytes { get; init; }

    /// <summary>Whether callers can identify themselves at all, by a key or a token.</summary>
    public bool CanBeKnown => !Keys.IsEmpty || Tokens is not null;

    /// <summary>Why a request is refused whoever sends it; null if it is not.</summary>
    public GatewayProblem? Refusal(HttpContext context)
    {
        if (Loopback?.Refusal(context.Request) is { } foreign)
            return foreign;
        return Limiters.Addresses?.Take(Clients.Of(context)) is { } wait ? RateLimiters.Refusal(wait, "this address") : null;
    }

    /// <summary>The caller, whose accepted credential is then on the call. Null if a credential was presented and is not valid.</summary>
    public ValueTask<Caller?> IdentifyAsync(HttpContext context, GatewayCall call)
    {
        call.AcceptedCredential = null;
        if (!CanBeKnown || PresentedCredential.In(context.Request.Headers) is not { } presented)
            return new(DefaultCaller);

        if (presented.IsKeyByItsHeader || Tokens is null || !JwtCallers.LooksLikeToken(presented.Value))
            return new(Accept(Keys.Find(presented.Value, call.Started, MayBeCalComs(presented)), call, presented));

        // The issuer is not asked about a token that is for Cal.com: it may be slow, or out of reach.
        return MayBeCalComs(presented) && !Tokens.IsAudienceOf(presented.Value)
            ? new(Accept(null, call, presented))
            : new(FindAsync(Tokens, context, call, presented));
    }

    /// <summary>The refusal of a caller that has presented what the gateway does not know.</summary>
    public GatewayProblem Rejection(HttpContext context, GatewayCall call) =>
        PresentedCredential.In(context.Request.Headers) is { } presented && Keys.IsUntried(presented.Value, call.Started, MayBeCalComs(presented))
            ? AccessProblems.NotTried()
            : AccessProblems.Rejected(this);

    /// <summary>Whether this is a key of the gateway, or a token whose audience is the gateway, valid or not. Null if that cannot be told at the moment.</summary>
    public bool? IsOwn(string token, DateTimeOffset now) => Tokens?.IsAudienceOf(token) == true ? true : Keys.Has(token, now);

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
        if (headers.TryGetValue(PresentedCredential.KeyHeader, out var key) && IsOwn(key.ToString(), call.Started) == true)
            headers.Remove(PresentedCredential.KeyHeader);
        if (PresentedCredential.BearerIn(headers) is { } bearer && IsOwn(bearer, call.Started) == true)
            headers.Remove(PresentedCredential.AuthorizationHeader);
    }

    private bool MayBeCalComs(PresentedCredential presented) => TakesCallersTokens && presented.IsAuthorization;

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
