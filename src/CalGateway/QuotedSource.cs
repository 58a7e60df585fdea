using System.Text;
using System.Text.RegularExpressions;
using CalGateway.Configuration;
using CalGateway.Configuration.Settings;

namespace CalGateway;

/// <summary>
/// The lines of the file as they are shown below a finding: no longer than a screen is wide, a column for each character, and
/// asterisks in the place of what must not stand in the log of a build.
/// </summary>
internal sealed partial class QuotedSource(byte[] content)
{
    private const int Widest = 160;
    private const int Before = 60;
    private const string Margin = "    ";

    private readonly string[] _lines = Secrets().Replace(Encoding.UTF8.GetString(content), Masked).Split('\n');

    /// <summary>The line, and below it a caret at the place; empty for a place that is not in the file.</summary>
    /// <param name="line">From 1.</param>
    /// <param name="column">From 1.</param>
    /// <param name="isConfidential">No value in the line may be shown, whatever it looks like.</param>
    public string Show(int line, int column, bool isConfidential)
    {
        if (line < 1 || line > _lines.Length)
            return "";

        var whole = _lines[line - 1].TrimEnd('\r');
        if (isConfidential)
            whole = Texts().Replace(whole, Masked);
        var at = Math.Clamp(column - 1, 0, whole.Length);
        var start = whole.Length <= Widest ? 0 : Math.Max(0, at - Before);
        var end = Math.Min(whole.Length, start + Widest);
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
    /// The value of a setting that is confidential, what looks like a key or a token, and credentials in an address. Names are bounded:
    /// a megabyte that looks like one must not be matched against itself.
    /// </summary>
    [GeneratedRegex(
        $$"""
        "([^"\n]{0,100}({{Setting.ConfidentialNames}})[^"\n]{0,100}|Keys|Set|Append)"\s*:\s*"(?<secret>[^"\n]*)|"Keys"\s*:\s*\[\s*"(?<secret>[^\]\n]*)|\bsha256:(?<secret>[\w:-]+)|\bcgw_(?<secret>[\w-]+)|\bcal_(live|test)_(?<secret>[\w-]+)|\b(Bearer|Basic)\s+(?<secret>[^"\s]+)|://(?<secret>[^/\s"]*)@
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();

    /// <summary>What stands in quotes and is no name.</summary>
    [GeneratedRegex(@"""[^""]*""\s*:|""(?<secret>[^""]*)(""|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Texts();
}
