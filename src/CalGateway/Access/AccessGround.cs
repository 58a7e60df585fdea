using CalGateway.Access.Callers;
using CalGateway.CalCom;
using CalGateway.CalCom.Credentials;

namespace CalGateway.Access;

/// <summary>What access stands on besides the settings, and what outlives an edit of them.</summary>
/// <param name="Addresses">Where the gateway is served.</param>
/// <param name="Credentials">The Cal.com accounts.</param>
internal sealed record AccessGround(IReadOnlyList<string> Addresses, CredentialBook Credentials)
{
    public RateLimiters RateLimiters { get; } = new(TimeProvider.System);

    public Issuers Issuers { get; } = new();

    public OlderHashes OlderHashes { get; } = new();

    /// <summary>For a check, which has no keys.</summary>
    public static AccessGround OfSettingsAlone(IReadOnlyList<string> addresses) => new(addresses, CredentialBook.Unread());
}
