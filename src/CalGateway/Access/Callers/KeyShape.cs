namespace CalGateway.Access.Callers;

/// <summary>How keys of the gateway and tokens of Cal.com's look, so that a token can be told from a key without trying it.</summary>
internal static class KeyShape
{
    /// <summary>Every key that <c>calgateway hash-key</c> makes begins with this.</summary>
    public const string Prefix = "cgw_";

    /// <summary>In characters. <c>hash-key</c> has never accepted a key that is shorter or longer.</summary>
    public const int MinLength = 32;
    public const int MaxLength = 512;

    private const string PrefixOfCalComKeys = "cal_";
    private const string PrefixOfJwts = "eyJ";

    /// <summary>False for a text that cannot be a key of the gateway, and for one that is visibly a token or key of Cal.com's.</summary>
    public static bool IsPossible(ReadOnlySpan<char> text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) || (text.Length is >= MinLength and <= MaxLength && !IsOfCalCom(text));

    private static bool IsOfCalCom(ReadOnlySpan<char> text) =>
        text.StartsWith(PrefixOfCalComKeys, StringComparison.Ordinal) || (text.StartsWith(PrefixOfJwts, StringComparison.Ordinal) && JwtCallers.LooksLikeToken(text));
}
