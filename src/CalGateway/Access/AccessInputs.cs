using CalGateway.Access.Callers;
using CalGateway.CalCom.Credentials;

namespace CalGateway.Access;

/// <summary>What access needs besides the settings.</summary>
/// <param name="Addresses">The addresses that the gateway listens on.</param>
internal sealed record AccessInputs(IReadOnlyList<string> Addresses, CredentialBook Credentials)
{
    public OlderHashes OlderHashes { get; } = new();

    /// <summary>For a check of the settings, which has no keys.</summary>
    public static AccessInputs OfSettingsAlone(IReadOnlyList<string> addresses) => new(addresses, CredentialBook.Unread());
}
