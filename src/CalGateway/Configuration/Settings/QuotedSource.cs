using System.Text;
using System.Text.RegularExpressions;

namespace CalGateway.Configuration.Settings;

/// <summary>
/// Shows a line of the settings file below a finding, with a caret at the column. Long lines are cut to the width of a screen, and secrets are
/// replaced by asterisks, because a build log keeps them.
/// </summary>
internal sealed partial class QuotedSource(byte[] content)
{
    private const int MaxWidth = 160;

    /// <summary>How much of a long line is shown before the caret.</summary>
    private const int CharactersBefore = 60;

    private const string Margin = "    ";

    private readonly string[] _lines = Secrets().Replace(Encoding.UTF8.GetString(content), Masked).Split('\n');

    /// <summary>The line with the caret below it; empty where the file has no such line.</summary>
    /// <param name="line">Counted from 1.</param>
    /// <param name="column">Counted from 1.</param>
    /// <param name="isConfidential">Hides every value in the line, even those that do not look like a secret.</param>
    public string Show(int line, int column, bool isConfidential)
    {
        if (line < 1 || line > _lines.Length)
            return "";

        var whole = _lines[line - 1].TrimEnd('\r');
        if (isConfidential)
            whole = Texts().Replace(whole, Masked);
        var at = Math.Clamp(column - 1, 0, whole.Length);
        var start = whole.Length <= MaxWidth ? 0 : Math.Max(0, at - CharactersBefore);
        var end = Math.Min(whole.Length, start + MaxWidth);
        var left = start > 0 ? "…" : "";
        var shown = string.Concat(whole[start..end].Select(character => char.IsControl(character) ? ' ' : character));
        return $"{Margin}{left}{shown}{(end < whole.Length ? "…" : "")}\n{Margin}{new string(' ', left.Length + at - start)}^\n";
    }

    private static string Masked(Match match)
    {
        var secret = match.Groups["secret"];
        if (!secret.Success)
            return match.Value;

        var before = secret.Index - match.Index;
        return string.Concat(match.ValueSpan[..before], new string('*', secret.Length), match.ValueSpan[(before + secret.Length)..]);
    }

    /// <summary>
    /// The value of a confidential setting, anything that looks like a key or a token, and credentials in an address. The length of names is
    /// limited, because matching a name of a megabyte would take very long.
    /// </summary>
    [GeneratedRegex(
        $$"""
        "([^"\n]{0,100}({{Setting.ConfidentialNames}})[^"\n]{0,100}|Keys|Set|Append)"\s*:\s*"(?<secret>[^"\n]*)|"Keys"\s*:\s*\[\s*"(?<secret>[^\]\n]*)|\bsha256:(?<secret>[\w:-]+)|\bcgw_(?<secret>[\w-]+)|\bcal_(live|test)_(?<secret>[\w-]+)|\b(Bearer|Basic)\s+(?<secret>[^"\s]+)|://(?<secret>[^/\s"]*)@
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();

    /// <summary>Quoted text that is not followed by a colon: a value, not a name.</summary>
    [GeneratedRegex(@"""[^""]*""\s*:|""(?<secret>[^""]*)(""|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Texts();
}
