using System.Net;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Problems;

/// <summary><c>/_gateway/problems/{code}</c>: what a problem's <c>type</c> leads to. For people in HTML, for programs in JSON.</summary>
internal static class ProblemPages
{
    public const string Prefix = "/_gateway/problems";

    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder endpoints, Func<GatewayProblem, HttpContext, Task> write)
    {
        endpoints.MapMethods(Prefix, Methods, (HttpRequest request) => Answer(request, ProblemTypes.All, "Problems"));
        endpoints.MapMethods(Prefix + "/{code}", Methods, (HttpRequest request, string code) =>
            ProblemTypes.All.FirstOrDefault(type => type.Code == code) is { } known ? Answer(request, [known], known.Title) : new UnknownProblem(code, write));
    }

    private static IResult Answer(HttpRequest request, IReadOnlyList<ProblemType> types, string title)
    {
        if (PrefersHtml(request))
            return TypedResults.Content(Page(types, title), "text/html; charset=utf-8");

        var items = types.Select(type => new { type = type.Address, type.Code, type.Status, type.Title, type.Causes, type.Fix }).ToList();
        return items is [var only] ? TypedResults.Json(only) : TypedResults.Json(items);
    }

    /// <summary>Browsers name HTML first; whoever takes anything gets JSON.</summary>
    private static bool PrefersHtml(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var html = QualityOf(accepted, "text/html");
        return html > 0 && html >= QualityOf(accepted, "application/json");
    }

    private static double QualityOf(IList<MediaTypeHeaderValue> accepted, string type) => accepted
        .Where(item => item.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        .Select(item => item.Quality ?? 1)
        .DefaultIfEmpty(0)
        .Max();

    private static string Page(IReadOnlyList<ProblemType> types, string title)
    {
        var page = new StringBuilder();
        page.Append($$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>{{WebUtility.HtmlEncode(title)}} · CalGateway</title>
            <style>
            :root { color-scheme: light dark }
            body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
            h2 { margin: 2rem 0 0 } code { font-size: 1.1em }
            </style>
            </head>
            <body>
            <main>
            <h1>{{WebUtility.HtmlEncode(title)}}</h1>

            """);
        foreach (var type in types)
            AppendSection(page, type);
        page.Append("</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static void AppendSection(StringBuilder page, ProblemType type)
    {
        page.Append($"<section id=\"{type.Code}\">\n<h2>{WebUtility.HtmlEncode(type.Title)}</h2>\n<p><code>{type.Code}</code>, answered with status {type.Status}.</p>\n");
        page.Append("<h3>Likely causes</h3>\n<ul>\n");
        foreach (var cause in type.Causes)
            page.Append($"<li>{WebUtility.HtmlEncode(cause)}</li>\n");
        page.Append($"</ul>\n<h3>What to do</h3>\n<p>{WebUtility.HtmlEncode(type.Fix)}</p>\n</section>\n");
    }

    private sealed class UnknownProblem(string code, Func<GatewayProblem, HttpContext, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => write(
            GatewayProblem.Of(ProblemTypes.NoRoute, $"There is no problem with the code \"{Redaction.Clean(code, 60)}\".", $"{Prefix} lists them all."),
            httpContext);
    }
}
