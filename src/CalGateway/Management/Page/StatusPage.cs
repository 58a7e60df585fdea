using CalGateway.Pages;
using CalGateway.Problems;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Page;

/// <summary>The status page: the embedded files of this folder and the files that all pages share.</summary>
internal static class StatusPage
{
    private const string Start = "page.html";

    /// <summary>The list of endpoints, for programs that ask for JSON.</summary>
    private static readonly Dictionary<string, string> Index = new()
    {
        ["status"] = "/status",
        ["config"] = "/config",
        ["explain"] = "/explain?method=GET&path=/calcom/v2/event-types",
        ["rehearsal"] = "/rehearsal",
        ["metrics"] = "/metrics",
        ["events"] = "/events",
    };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHouseFiles("/page");
        foreach (var (name, file) in PageFile.In(typeof(StatusPage).Namespace!))
        {
            if (name == Start)
                endpoints.MapRead("/", context => Answer(context, file));
            else
                endpoints.MapRead($"/page/{name}", _ => file);
        }
    }

    private static IResult Answer(HttpContext context, PageFile page)
    {
        context.Response.Headers.Vary = HeaderNames.Accept;
        return PrefersJson(context.Request) ? TypedResults.Json(Index, ReadableJson.Options) : page;
    }

    /// <summary>True only where JSON is accepted and HTML is not named: <c>Accept: */*</c> gets the page.</summary>
    private static bool PrefersJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            && !accepted.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
    }
}
