using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CalGateway.Access.Callers;

/// <summary>
/// The Cal.com tokens that callers bring, on routes that send them on. None is kept: what is stored for one is found by a hash of it, under a key that this
/// process makes for itself. A rotation of the gateway's own credential is nothing to them, so that it neither empties what is stored for a token nor
/// brings back what was dropped.
/// </summary>
internal static class CallersTokens
{
    private const string BearerPrefix = "Bearer ";

    /// <summary>What <c>calgateway hash-key</c> makes begins so, valid or not any more.</summary>
    private const string PrefixOfOurKeys = "cgw_";

    /// <summary>In characters. Cal.com's own are below two thousand.</summary>
    private const int Longest = 8 * 1024;

    /// <summary>RFC 6750's <c>b64token</c>.</summary>
    private static readonly SearchValues<char> TokenLetters =
        SearchValues.Create("-._~+/=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(32);

    /// <summary>The token of a request, or why there is none that could be sent on. Neither quotes it.</summary>
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
            { Length: > Longest } => (null, $"The token is longer than {Longest} characters."),
            _ when token.ContainsAnyExcept(TokenLetters) => (null, "The token has letters that no token has."),
            _ when token.StartsWith(PrefixOfOurKeys, StringComparison.Ordinal) => (null, OurKey),
            _ => (token.ToString(), null),
        };
    }

    /// <summary>It must not go to a third party.</summary>
    public const string OurKey = "What came as Authorization is a key or token of this gateway's, and Cal.com's token belongs there.";

    /// <summary>32 hex digits that tell one token from another and nothing else of it.</summary>
    public static string HashOf(string token) => Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.ASCII.GetBytes(token)).AsSpan(0, 16));
}
