using System.Net;
using System.Threading.RateLimiting;
using CalGateway.Access.Browsers;
using CalGateway.Access.Callers;
using CalGateway.Access.Settings;
using CalGateway.CalCom;
using CalGateway.Diagnosis;
using CalGateway.Envelope;

namespace CalGateway.Access;

/// <summary>Who may call, as one revision of the settings has it; everything that can be worked out once is.</summary>
internal sealed class AccessPlan
{
    private const string BearerPrefix = "Bearer ";
    private const string KeyHeader = "X-Api-Key";

    public required AccessMode Mode { get; init; }

    /// <summary>Whoever is known by nothing: the owner of the machine in the mode Loopback, else a stranger.</summary>
    public required Caller Nobody { get; init; }

    public required KeyRing Keys { get; init; }

    public required JwtCallers? Tokens { get; init; }

    /// <summary>The Cal.com accounts besides the gateway's own that consumers use, by their names in the settings.</summary>
    public required IReadOnlyDictionary<string, Credential> Accounts { get; init; }

    public required CorsRules Cors { get; init; }

    /// <summary>Null in the other modes, where the address is no authority.</summary>
    public required LoopbackRules? Loopback { get; init; }

    public required ClientAddress Clients { get; init; }

    public required PartitionedRateLimiter<IPAddress>? Addresses { get; init; }

    public required long MaxBodyBytes { get; init; }

    /// <summary>Whether a stranger has a way to become known.</summary>
    public bool CanBeKnown => !Keys.IsEmpty || Tokens is not null;

    /// <summary>What keeps a request from being looked at further, whoever sends it; null for nothing.</summary>
    public GatewayProblem? Refusal(HttpContext context)
    {
        if (Loopback?.Refusal(context.Request) is { } foreign)
            return foreign;
        if (context.Request.ContentLength > MaxBodyBytes)
            return GatewayProblem.Of(ProblemTypes.PayloadTooLarge, $"The request body is larger than the {MaxBodyBytes} bytes that this gateway takes.");
        if (Addresses is null)
            return null;

        using var lease = Addresses.AttemptAcquire(Clients.Of(context));
        return Shares.Refusal(lease, "this address");
    }

    /// <summary>Who calls; null where something was presented that does not open.</summary>
    public ValueTask<Caller?> IdentifyAsync(HttpContext context, GatewayCall call)
    {
        if (!CanBeKnown || Presented(context.Request.Headers, out var isHeaderOfOurs) is not { } presented)
            return new(Nobody);

        if (!isHeaderOfOurs && Tokens is not null && JwtCallers.LooksLikeToken(presented))
            return new(FindAsync(Tokens, context));

        // At the developer's own machine a foreign Authorization is a habit of some client, and no claim.
        return new(Keys.Find(presented, call.Started) ?? (Mode == AccessMode.Loopback ? Nobody : null));
    }

    private async Task<Caller?> FindAsync(JwtCallers tokens, HttpContext context) =>
        await tokens.FindAsync(context) ?? (Mode == AccessMode.Loopback ? Nobody : null);

    private static string? Presented(IHeaderDictionary headers, out bool isHeaderOfOurs)
    {
        isHeaderOfOurs = headers.TryGetValue(KeyHeader, out var key);
        if (isHeaderOfOurs)
            return key.ToString();

        var authorization = headers.Authorization.ToString();
        return authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? authorization[BearerPrefix.Length..].Trim() : null;
    }
}
