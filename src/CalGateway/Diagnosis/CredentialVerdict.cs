using System.Text;
using CalGateway.Journey.Callers;

namespace CalGateway.Diagnosis;

/// <summary>Decides whether a 403 is about the gateway's credential, which only its operator can fix, or about the requested resource.</summary>
internal static class CredentialVerdict
{
    /// <summary>How the messages of Cal.com's guards begin when they refuse the key or token itself.</summary>
    private static readonly string[] Guards =
        ["ApiAuthStrategy", "ApiAuthGuard", "PermissionsGuard", "OAuthPermissionsGuard", "CustomThrottlerGuard", "Invalid API Key", "Invalid access token"];

    public static bool IsAboutUs(UpstreamError? error, ReadOnlyMemory<byte> body, Signature signature) =>
        (error is not null && Guards.Any(guard => error.Message.Contains(guard, StringComparison.OrdinalIgnoreCase)))
        || signature.IsQuotedIn(Encoding.UTF8.GetString(body.Span));
}
