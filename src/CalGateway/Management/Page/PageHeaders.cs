using CalGateway.Pages;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Page;

/// <summary>Every answer of this listener is told as a page is, and kept by nobody.</summary>
internal static class PageHeaders
{
    public static void UsePageHeaders(this WebApplication app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        PageFile.Protect(headers);
        headers[HeaderNames.CacheControl] = "no-store";
        return next(context);
    });
}
