using System.Globalization;
using System.Net;
using System.Text;

namespace CalGateway.Problems;

/// <summary>The problem pages as HTML: first what to do, then the likely causes.</summary>
internal static class ProblemDocument
{
    /// <summary>The path of the style sheet and the icon.</summary>
    public const string Files = "/_gateway/page";

    public static string Of(ProblemType type) => Page(type.Title, $"""
            <h1>{Text(type.Title)}</h1>
            {Facts(type)}
            <div class="remedy">
            <h2>What to do</h2>
            <p>{Text(type.Fix)}</p>
            </div>
            <section>
            <h2>Likely causes</h2>
            <ul>
            {Items(type.Causes, cause => $"<li>{Text(cause)}</li>")}</ul>
            </section>
            <section>
            <h2>More about it</h2>
            <ul>
            <li>In the documentation: <a href="{Documentation.Address}#{type.Code}">Troubleshooting, {type.Code}</a></li>
            <li>For programs: the same as JSON, with the header <code>Accept: application/json</code></li>
            </ul>
            </section>
            """);

    public static string OfAll(IReadOnlyList<ProblemType> types) => Page("Problems", $"""
            <h1>Problems</h1>
            <p class="facts">Every error that the gateway itself answers with, by its code.</p>
            <ul class="problems panel">
            {Items(types, type => $"""
                <li id="{type.Code}">
                <h2><a href="{type.Address}">{Text(type.Title)}</a></h2>
                {Facts(type)}
                <p>{Text(type.Fix)}</p>
                </li>
                """)}</ul>
            """);

    private static string Facts(ProblemType type) =>
        $"<p class=\"facts\"><code>{type.Code}</code> <span class=\"badge\">Status {type.Status.ToString(CultureInfo.InvariantCulture)}</span></p>";

    public static string Page(string title, string main) => $"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Text(title)} · CalGateway</title>
            <link rel="icon" href="{Files}/icon.svg" type="image/svg+xml">
            <link rel="stylesheet" href="{Files}/house.css">
            </head>
            <body class="document">
            <header class="bar">
            <b>CalGateway</b>
            <nav aria-label="Explanations"><a href="{ProblemPages.Prefix}">All problems</a> <a href="{Documentation.Address}">Troubleshooting</a></nav>
            </header>
            <main>
            {main}
            </main>
            </body>
            </html>

            """;

    private static string Items<T>(IEnumerable<T> items, Func<T, string> markup)
    {
        var all = new StringBuilder();
        foreach (var item in items)
            all.Append(markup(item)).Append('\n');
        return all.ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
