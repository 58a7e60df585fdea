using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CalGateway.Access.Callers;

/// <summary>
/// The callers' own Cal.com tokens, on routes that send them to Cal.com. No token is kept: stored answers are found by a keyed hash of the token, whose key
/// exists only in this process. The key is independent of the gateway's own credential, so that a rotation of that changes nothing for stored answers.
/// </summary>
internal static class CallersTokens
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>In characters. Tokens of Cal.com's are shorter than two thousand.</summary>
    private const int MaxLength = 8 * 1024;

    /// <summary>The characters of <c>b64token</c> in RFC 6750.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("-._~+/=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The token of a request, or why it has none that can be sent to Cal.com. The reason does not quote what came.</summary>
    public static (string? Token, string? Fault) In(IHeaderDictionary headers)
    {
        var authorization = headers.Authorization;
        if (authorization is not [{ Length: > 0 } text])
            return (null, authorization.Count > 1 ? "There is more than one Authorization." : null);
        if (!text.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
            return (null, "Authorization is not of the scheme Bearer.");

        var token = text.AsSpan(BearerPrefix.Length).Trim(' ');
        return token switch
        {
            { IsEmpty: true } => (null, "The token is empty."),
            { Length: > MaxLength } => (null, $"The token is longer than {MaxLength} characters."),
            _ when token.ContainsAnyExcept(TokenCharacters) => (null, "The token has letters that no token has."),
            _ when token.StartsWith(KeyShape.Prefix, StringComparison.Ordinal) => (null, OurKey),
            _ => (token.ToString(), null),
        };
    }

    /// <summary>The reason for refusing a key of the gateway, which must not be sent to a third party.</summary>
    public const string OurKey = "What came as Authorization is a key or token of this gateway's, and Cal.com's token belongs there.";

    /// <summary>32 hex digits by which tokens can be told apart; the token cannot be found from them.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));
}
