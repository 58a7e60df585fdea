namespace CalGateway.Journey.Callers;

/// <summary>The credential of a request: a key in <c>X-Api-Key</c>, or a key or token in <c>CalGateway-Token</c> or <c>Authorization: Bearer</c>.</summary>
/// <param name="Value">The key or token, without the scheme.</param>
internal readonly record struct PresentedCredential(string Header, string Value)
{
    public const string KeyHeader = "X-Api-Key";

    /// <summary>For callers whose <c>Authorization</c> is meant for the upstream.</summary>
    public const string TokenHeader = "CalGateway-Token";

    public const string AuthorizationHeader = "Authorization";
    private const string BearerPrefix = "Bearer ";

    /// <summary>This header is only for keys; a token in it is not accepted.</summary>
    public bool IsKeyByItsHeader => Header == KeyHeader;

    /// <summary>It came in <c>Authorization</c>. On a route that sends the callers' own tokens to Cal.com it is such a token, or a mistake.</summary>
    public bool IsAuthorization => Header == AuthorizationHeader;

    /// <summary>Does not contain the value, unlike the default of a record.</summary>
    public override string ToString() => Header;

    /// <summary>The first credential of the request that counts; null for none.</summary>
    public static PresentedCredential? In(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(KeyHeader, out var key))
            return new PresentedCredential(KeyHeader, key.ToString());
        if (headers.TryGetValue(TokenHeader, out var token))
            return new PresentedCredential(TokenHeader, WithoutScheme(token.ToString()) ?? token.ToString());
        return BearerIn(headers) is { } bearer ? new PresentedCredential(AuthorizationHeader, bearer) : null;
    }

    /// <summary>The value after <c>Bearer</c>; null for another scheme and none.</summary>
    public static string? BearerIn(IHeaderDictionary headers) => WithoutScheme(headers.Authorization.ToString());

    private static string? WithoutScheme(string value) =>
        value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? value[BearerPrefix.Length..].Trim() : null;
}
