using System.Text.RegularExpressions;

namespace CalGateway.Problems;

/// <summary>Removes from a text of foreign origin what must not get into a problem, a log or a span: keys and tokens, queries, line breaks.</summary>
internal static partial class Redaction
{
    public const string Mark = "[redacted]";

    /// <param name="maxLength">The maximum length in characters; the rest is cut.</param>
    public static string Clean(string text, int maxLength)
    {
        // Cut it roughly first, so that the patterns below never run over megabytes.
        var bounded = text.Length > maxLength * 4 ? text[..(maxLength * 4)] : text;
        var clean = Secrets().Replace(bounded, Mark);
        clean = Queries().Replace(clean, "");
        clean = Unprintable().Replace(clean, " ");
        return clean.Length > maxLength ? clean[..maxLength] + "…" : clean;
    }

    /// <summary>For the gateway's own texts that quote a path, into which callers sometimes put a key by mistake.</summary>
    public static string WithoutSecrets(string text) => Secrets().Replace(text, Mark);

    /// <summary>Keys of Cal.com and of the gateway, bearer values, OAuth tokens (which are JWTs) and keys in a query.</summary>
    [GeneratedRegex(@"\bcal_[a-z0-9_]+|cgw_[\w-]+|\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]+\.?[\w-]*|\bapiKey=[^\s&]*|\b(token|secret|key)=\S+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();

    [GeneratedRegex(@"(?<=/\S*)\?\S*")]
    private static partial Regex Queries();

    /// <summary>Control and format characters, and the two Unicode separators that some viewers show as a line break.</summary>
    [GeneratedRegex(@"[\p{C}\p{Zl}\p{Zp}]+")]
    private static partial Regex Unprintable();
}
