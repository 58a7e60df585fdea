using CalGateway.Pages;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Page;

/// <summary>Adds the security headers of a page to every response of the listener, and forbids storing it.</summary>
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
