using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Pages;

/// <summary>One embedded file of a page, served with headers that restrict what the browser may load and run.</summary>
internal sealed class PageFile(string resource) : IResult
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private readonly string _contentType = TypeOf(resource);

    /// <summary>Read when it is first asked for: the start does not wait for pages.</summary>
    private readonly Lazy<(byte[] Bytes, EntityTagHeaderValue Tag)> _content = new(() => Read(resource));

    /// <summary>The embedded files of a folder, such as <c>CalGateway.Pages.house</c>, by their names.</summary>
    public static IEnumerable<KeyValuePair<string, PageFile>> In(string folder)
    {
        foreach (var resource in typeof(PageFile).Assembly.GetManifestResourceNames())
        {
            if (resource.StartsWith(folder + ".", StringComparison.Ordinal))
                yield return KeyValuePair.Create(resource[(folder.Length + 1)..], new PageFile(resource));
        }
    }

    /// <summary>
    /// Adds security headers: the page may load, run and call only what comes from its own origin, nothing inline, and may not be framed. A hostile text
    /// that gets into the page can then do nothing.
    /// </summary>
    public static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var headers = httpContext.Response.Headers;
        Protect(headers);
        headers.CacheControl = "no-cache";
        var (bytes, tag) = _content.Value;
        return TypedResults.Bytes(bytes, _contentType, entityTag: tag).ExecuteAsync(httpContext);
    }

    private static (byte[] Bytes, EntityTagHeaderValue Tag) Read(string resource)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return (bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\""));
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };
}
