using System.Text;
using CalGateway.Journey.Callers;

namespace CalGateway.Diagnosis;

/// <summary>Whether a 403 is about the gateway's credential, which only its operator can mend, or about what was asked for.</summary>
internal static class CredentialVerdict
{
    /// <summary>How Cal.com's guards begin when the key or token itself is what they refuse.</summary>
    private static readonly string[] Guards =
        ["ApiAuthStrategy", "ApiAuthGuard", "PermissionsGuard", "OAuthPermissionsGuard", "CustomThrottlerGuard", "Invalid API Key", "Invalid access token"];

    public static bool IsAboutUs(UpstreamError? error, ReadOnlyMemory<byte> body, Signature signature) =>
        (error is not null && Guards.Any(guard => error.Message.Contains(guard, StringComparison.OrdinalIgnoreCase)))
        || signature.IsQuotedIn(Encoding.UTF8.GetString(body.Span));
}
