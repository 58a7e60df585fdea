using System.Text.RegularExpressions;

namespace CalGateway.Problems;

/// <summary>
/// Takes out of a foreign text what must not travel on in a problem, a log or a span: keys and tokens, queries, line breaks.
/// </summary>
internal static partial class Redaction
{
    public const string Mark = "[redacted]";

    /// <param name="text">As it came.</param>
    /// <param name="maxLength">In characters; the rest is cut.</param>
    public static string Clean(string text, int maxLength)
    {
        // Cut well beyond the limit first: the patterns below must not be run over megabytes.
        var bounded = text.Length > maxLength * 4 ? text[..(maxLength * 4)] : text;
        var clean = Secrets().Replace(bounded, Mark);
        clean = Queries().Replace(clean, "");
        clean = Unprintable().Replace(clean, " ");
        return clean.Length > maxLength ? clean[..maxLength] + "…" : clean;
    }

    /// <summary>For texts of our own that quote a path: callers put keys there by mistake.</summary>
    public static string WithoutSecrets(string text) => Secrets().Replace(text, Mark);

    /// <summary>Cal.com's keys and ours, bearer values, OAuth tokens (which are JWTs) and keys in a query.</summary>
    [GeneratedRegex(@"\bcal_[a-z0-9_]+|cgw_[\w-]+|\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]+\.?[\w-]*|\bapiKey=[^\s&]*|\b(token|secret|key)=\S+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();

    [GeneratedRegex(@"(?<=/\S*)\?\S*")]
    private static partial Regex Queries();

    /// <summary>Control and format characters, and the two separators that some viewers break a line at.</summary>
    [GeneratedRegex(@"[\p{C}\p{Zl}\p{Zp}]+")]
    private static partial Regex Unprintable();
}
