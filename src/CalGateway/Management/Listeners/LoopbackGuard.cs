using System.Net;
using CalGateway.Access.Browsers;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Listeners;

/// <summary>
/// A loopback listener trusts every request from this machine. This guard refuses those that only seem to come from it: from web pages of other origins in
/// the operator's browser, for names that merely resolve to 127.0.0.1 (DNS rebinding), and through a proxy.
/// </summary>
internal static class LoopbackGuard
{
    public static void UseLoopbackGuard(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Connection.LocalIpAddress is not { } address || !IPAddress.IsLoopback(address) || IsOwn(context.Request))
            return next(context);

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("The management listener answers only what comes from this machine and not from another web page.\n");
    });

    private static bool IsOwn(HttpRequest request) =>
        LoopbackRules.IsLoopbackName(request.Host.Host)
        && (!request.Headers.TryGetValue(HeaderNames.Origin, out var origin) || IsLoopbackOrigin(origin))
        && !ProxyHeaders.NameAnotherMachine(request.Headers)
        && request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";

    private static bool IsLoopbackOrigin(string? origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && LoopbackRules.IsLoopbackName(page.Host);
}
