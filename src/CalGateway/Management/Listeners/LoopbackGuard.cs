using System.Net;
using CalGateway.Access.Browsers;
using Microsoft.Net.Http.Headers;

namespace CalGateway.Management.Listeners;

/// <summary>
/// On a loopback listener the address is the authority, and a web page in the operator's own browser must not borrow it:
/// neither by a name that resolves to 127.0.0.1 nor by a request from a foreign page, and nor must what a proxy on this machine lets in from outside.
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
        IsLoopbackName(request.Host.Host)
        && (!request.Headers.TryGetValue(HeaderNames.Origin, out var origin) || IsLoopbackOrigin(origin))
        && !NamesOfOthers.AreIn(request.Headers)
        && request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";

    private static bool IsLoopbackOrigin(string? origin) => Uri.TryCreate(origin, UriKind.Absolute, out var page) && IsLoopbackName(page.Host);

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
