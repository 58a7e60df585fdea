using CalGateway.Pages;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Problems;

/// <summary><c>/_gateway/problems/{code}</c>, the address in a problem's <c>type</c>: an explanation in HTML for people, in JSON for programs.</summary>
internal static class ProblemPages
{
    public const string Prefix = "/_gateway/problems";

    public static void Map(IEndpointRouteBuilder endpoints, Func<GatewayProblem, HttpContext, Task> write)
    {
        endpoints.MapHouseFiles(ProblemDocument.Files);
        Documentation.Map(endpoints);
        endpoints.MapRead(Prefix, context =>
            Answer(context, () => ProblemDocument.OfAll(ProblemTypes.All), () => ProblemTypes.All.Select(JsonOf)));
        endpoints.MapRead(Prefix + "/{code}", context => OfOne(context, (string)context.Request.RouteValues["code"]!, write));
    }

    private static IResult OfOne(HttpContext context, string code, Func<GatewayProblem, HttpContext, Task> write) =>
        ProblemTypes.All.FirstOrDefault(type => type.Code == code) is { } known
            ? Answer(context, () => ProblemDocument.Of(known), () => JsonOf(known))
            : new UnknownProblem(code, write);

    private static IResult Answer(HttpContext context, Func<string> page, Func<object> json)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return PrefersHtml(context.Request) ? new PageText(page()) : TypedResults.Json(json());
    }

    private static object JsonOf(ProblemType type) => new { type = type.Address, type.Code, type.Status, type.Title, type.Causes, type.Fix };

    /// <summary>Browsers name HTML in Accept. A client that accepts anything gets JSON.</summary>
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

    private sealed class UnknownProblem(string code, Func<GatewayProblem, HttpContext, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => write(
            GatewayProblem.Of(ProblemTypes.NoRoute, $"There is no problem with the code \"{Redaction.Clean(code, 60)}\".", $"{Prefix} lists them all."),
            httpContext);
    }
}
