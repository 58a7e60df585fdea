using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace CalGateway.Pages;

/// <summary>
/// The part of Markdown that the gateway's own documents use: headings, paragraphs, lists, tables and code blocks; inline code, emphasis and links.
/// A heading gets the same anchor as on GitHub. All text is HTML-encoded; anything else is shown as written.
/// </summary>
internal static partial class Markdown
{
    public static string ToHtml(string text)
    {
        var lines = new Queue<string>(text.ReplaceLineEndings("\n").Split('\n'));
        var html = new StringBuilder();
        while (lines.TryPeek(out var line))
        {
            html.Append(line switch
            {
                "" => Skip(lines),
                ['`', '`', '`', ..] => Code(lines),
                ['#', ..] => Heading(lines.Dequeue()),
                ['|', ..] => Table(lines),
                _ when Item().IsMatch(line) => List(lines),
                _ => $"<p>{Inline(Paragraph(lines))}</p>\n",
            });
        }

        return html.ToString();
    }

    private static string Skip(Queue<string> lines)
    {
        lines.Dequeue();
        return "";
    }

    private static string Code(Queue<string> lines)
    {
        lines.Dequeue();
        var code = string.Join('\n', TakeWhile(lines, line => !line.StartsWith("```", StringComparison.Ordinal)));
        lines.TryDequeue(out _);
        return $"<pre><code>{WebUtility.HtmlEncode(code)}</code></pre>\n";
    }

    private static string Heading(string line)
    {
        var title = line.TrimStart('#');
        var level = (line.Length - title.Length).ToString(CultureInfo.InvariantCulture);
        var anchor = NotInAnchors().Replace(title.Trim().ToLowerInvariant(), "").Replace(' ', '-');
        return $"<h{level} id=\"{anchor}\">{Inline(title.Trim())}</h{level}>\n";
    }

    /// <summary>The explicit roles keep it a table for screen readers where the style sheet of a narrow page displays it differently.</summary>
    private static string Table(Queue<string> lines)
    {
        var rows = TakeWhile(lines, line => line.StartsWith('|')).Select(Cells).ToList();
        var html = new StringBuilder("<table role=\"table\">\n<thead role=\"rowgroup\">").Append(Row(rows[0], "th role=\"columnheader\" scope=\"col\"", "th"))
            .Append("</thead>\n<tbody role=\"rowgroup\">\n");
        foreach (var row in rows.Skip(2)) // the second row only holds the alignment of the columns
            html.Append(Row(row, "td role=\"cell\"", "td")).Append('\n');
        return html.Append("</tbody>\n</table>\n").ToString();
    }

    private static string[] Cells(string row) => [.. BetweenCells().Split(row.Trim()).Skip(1).SkipLast(1).Select(cell => cell.Trim().Replace("\\|", "|", StringComparison.Ordinal))];

    private static string Row(IEnumerable<string> cells, string open, string close) => $"<tr role=\"row\">{string.Concat(cells.Select(cell => $"<{open}>{Inline(cell)}</{close}>"))}</tr>";

    private static string List(Queue<string> lines)
    {
        var kind = char.IsDigit(lines.Peek()[0]) ? "ol" : "ul";
        var html = new StringBuilder($"<{kind}>\n");
        while (lines.TryPeek(out var line) && Item().IsMatch(line))
        {
            lines.Dequeue();
            var more = TakeWhile(lines, next => next.StartsWith(' '));
            html.Append("<li>").Append(Inline(string.Join(' ', more.Select(next => next.Trim()).Prepend(Item().Replace(line, ""))))).Append("</li>\n");
        }

        return html.Append($"</{kind}>\n").ToString();
    }

    private static string Paragraph(Queue<string> lines) =>
        string.Join(' ', TakeWhile(lines, line => line is not ("" or ['#' or '|', ..] or ['`', '`', '`', ..]) && !Item().IsMatch(line)));

    private static List<string> TakeWhile(Queue<string> lines, Func<string, bool> belongs)
    {
        var taken = new List<string>();
        while (lines.TryPeek(out var line) && belongs(line))
            taken.Add(lines.Dequeue());
        return taken;
    }

    private static string Inline(string text) => Marks().Replace(WebUtility.HtmlEncode(text), mark => mark switch
    {
        { Groups: [_, { Success: true } code, ..] } => $"<code>{code}</code>",
        { Groups: [_, _, { Success: true } strong, ..] } => $"<strong>{Inner(strong.Value)}</strong>",
        _ => Link(mark.Groups[3].Value, mark.Groups[4].Value),
    });

    /// <summary>Inline code within emphasis or a link. The text is already encoded.</summary>
    private static string Inner(string encoded) => CodeAlone().Replace(encoded, "<code>$1</code>");

    /// <summary>Links only to anchors of this page and to https addresses. Other targets, such as files of the repository, are shown as text.</summary>
    private static string Link(string text, string target) => target.StartsWith('#') || target.StartsWith("https://", StringComparison.Ordinal)
        ? $"<a href=\"{target}\">{Inner(text)}</a>"
        : $"{Inner(text)} (<code>{target}</code>)";

    [GeneratedRegex(@"^(?:[-*]|\d+\.) +")]
    private static partial Regex Item();

    [GeneratedRegex(@"[^\p{L}\p{N}\- _]")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex BetweenCells();

    [GeneratedRegex(@"`([^`]+)`|\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")]
    private static partial Regex Marks();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeAlone();
}
