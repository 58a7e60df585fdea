using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Page;

/// <summary>The status page: the files of this folder, embedded as they are written.</summary>
internal static class PageFiles
{
    private const string Start = "page.html";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    };

    private static readonly string[] Methods = ["GET", "HEAD"];

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var prefix = typeof(PageFiles).Namespace + ".";
        foreach (var resource in typeof(PageFiles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var file = PageFile.Read(resource, Types[Path.GetExtension(resource)]);
            var name = resource[prefix.Length..];
            endpoints.MapMethods(
                name == Start ? "/" : $"/page/{name}", Methods,
                IResult (HttpContext context) => name == Start && PrefersJson(context.Request) ? TypedResults.Json(Index, ManagementJson.Options) : file.Answer(context));
        }
    }

    /// <summary>For programs that ask where they are.</summary>
    private static readonly Dictionary<string, string> Index = new()
    {
        ["status"] = "/status",
        ["config"] = "/config",
        ["explain"] = "/explain?method=GET&path=/calcom/v2/event-types",
        ["events"] = "/events",
    };

    private static bool PrefersJson(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return accepted.Any(type => type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            && !accepted.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));
    }

    private sealed record PageFile(byte[] Content, string Type, EntityTagHeaderValue Tag)
    {
        public static PageFile Read(string resource, string type)
        {
            using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream(resource)!;
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return new PageFile(content, type, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))[..16]}\""));
        }

        /// <summary>Asked for anew each time and sent when it has changed: after an upgrade nobody sees the old page.</summary>
        public FileContentHttpResult Answer(HttpContext context)
        {
            context.Response.Headers.CacheControl = "no-cache";
            context.Response.Headers.Vary = HeaderNames.Accept;
            return TypedResults.Bytes(Content, Type, entityTag: Tag);
        }
    }
}
