using CalGateway.Pages;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Page;

/// <summary>
/// What browsers are told with every answer of this listener: nothing from elsewhere is loaded, run or asked, and nobody may frame it.
/// A hostile text that made it into the page would find no way out.
/// </summary>
internal static class PageHeaders
{
    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = PageFile.Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers[HeaderNames.CacheControl] = "no-store";
        return next(context);
    });
}
