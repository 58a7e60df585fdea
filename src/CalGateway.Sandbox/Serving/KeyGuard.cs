using CalGateway.Sandbox.Accounts;
using CalGateway.Sandbox.Routing;

namespace CalGateway.Sandbox.Serving;

/// <summary>Checks the key as the server's guards do, and refuses with the same messages.</summary>
internal sealed class KeyGuard(Account account)
{
    /// <summary>An access token that the sandbox treats as expired: 498.</summary>
    public const string ExpiredAccessToken = "expired-access-token";

    private const string NoKey =
        "ApiAuthStrategy - No authentication method provided. Either pass an API key as 'Bearer' header or OAuth client credentials as "
        + "'x-cal-secret-key' and 'x-cal-client-id' headers";

    private const string NoPermissions =
        "PermissionsGuard - no authentication provided. Provide either authorization bearer token containing managed user access token or "
        + "oAuth client id in 'x-cal-client-id' header.";

    /// <summary>The refusal; null where the key is accepted.</summary>
    public Answer? Refuse(Guard guard, string? token) => (guard, token) switch
    {
        (Guard.None, _) => null,
        (Guard.Optional, null) => null,
        (Guard.Guarded, null) => Answer.Forbidden(NoPermissions),
        (_, null) => Answer.Unauthorized(NoKey),
        _ when account.Keys.IsValid(token) => null,
        (_, ExpiredAccessToken) => Answer.Refuse(498, "TokenExpiredException", "ACCESS_TOKEN_IS_EXPIRED", "ACCESS_TOKEN_IS_EXPIRED"),
        _ when token.StartsWith("cal_", StringComparison.Ordinal) => Answer.Unauthorized("ApiAuthStrategy - api key - Your api key is not valid"),
        (Guard.Guarded, _) => Answer.Forbidden($"PermissionsGuard - no oAuth client found for access token={token}"),
        _ => Answer.Unauthorized("ApiAuthStrategy - access token - Invalid Access Token."),
    };
}
