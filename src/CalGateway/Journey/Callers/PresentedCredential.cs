namespace CalGateway.Journey.Callers;

/// <summary>What a caller presents in order to be known: a key in <c>X-Api-Key</c>, a key or a token in <c>CalGateway-Token</c> or <c>Authorization: Bearer</c>.</summary>
/// <param name="Header">Where it stands.</param>
/// <param name="Value">Without the scheme.</param>
internal readonly record struct PresentedCredential(string Header, string Value)
{
    public const string KeyHeader = "X-Api-Key";

    /// <summary>For callers whose <c>Authorization</c> is meant for somebody else.</summary>
    public const string TokenHeader = "CalGateway-Token";

    public const string AuthorizationHeader = "Authorization";
    private const string BearerPrefix = "Bearer ";

    /// <summary>A token in this header is no token: it has always been for keys.</summary>
    public bool IsKeyByItsHeader => Header == KeyHeader;

    /// <summary>Where a route sends the callers' own tokens to Cal.com, it is one of those, or a mistake.</summary>
    public bool IsAuthorization => Header == AuthorizationHeader;

    /// <summary>A record would print its members.</summary>
    public override string ToString() => Header;

    /// <summary>The one that is looked at; null where there is none.</summary>
    public static PresentedCredential? In(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(KeyHeader, out var key))
            return new PresentedCredential(KeyHeader, key.ToString());
        if (headers.TryGetValue(TokenHeader, out var token))
            return new PresentedCredential(TokenHeader, WithoutScheme(token.ToString()) ?? token.ToString());
        return BearerIn(headers) is { } bearer ? new PresentedCredential(AuthorizationHeader, bearer) : null;
    }

    /// <summary>What stands behind <c>Bearer</c>; null where nothing does.</summary>
    public static string? BearerIn(IHeaderDictionary headers) => WithoutScheme(headers.Authorization.ToString());

    private static string? WithoutScheme(string value) =>
        value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? value[BearerPrefix.Length..].Trim() : null;
}
