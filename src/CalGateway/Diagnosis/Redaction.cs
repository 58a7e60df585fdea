using System.Text.RegularExpressions;

namespace CalGateway.Diagnosis;

/// <summary>
/// Takes out of a foreign text what must not travel on in a problem, a log or a span: keys and tokens, queries, line breaks.
/// </summary>
internal static partial class Redaction
{
    private const string Mark = "[redacted]";

    public static string Clean(string text, int maxLength)
    {
        // Cut well beyond the limit first: the patterns below must not be run over megabytes.
        var bounded = text.Length > maxLength * 4 ? text[..(maxLength * 4)] : text;
        var clean = Secrets().Replace(bounded, Mark);
        clean = Queries().Replace(clean, "");
        clean = Unprintable().Replace(clean, " ");
        return clean.Length > maxLength ? clean[..maxLength] + "…" : clean;
    }

    /// <summary>Cal.com's keys, bearer values, OAuth tokens (which are JWTs) and keys in a query.</summary>
    [GeneratedRegex(@"\bcal_[a-z0-9_]+|\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]+\.?[\w-]*|\bapiKey=[^\s&]*|\b(token|secret|key)=\S+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();

    [GeneratedRegex(@"(?<=/\S*)\?\S*")]
    private static partial Regex Queries();

    [GeneratedRegex(@"\p{C}+")]
    private static partial Regex Unprintable();
}
