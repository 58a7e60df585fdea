using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CalGateway.Sandbox.Hosting;

/// <summary>Listens only at the address in the options. ASP.NET Core's environment variables are ignored.</summary>
internal static class Listening
{
    public static Uri UrlOf(SandboxOptions options) =>
        Uri.TryCreate(options.Url, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp
            ? url
            : throw new ArgumentException($"The sandbox serves http only, at a URL such as http://127.0.0.1:5090; not at '{options.Url}'.", nameof(options));

    public static void Configure(KestrelServerOptions kestrel, Uri url)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.MaxRequestLineSize = 64 * 1024;
        kestrel.Limits.MaxRequestHeadersTotalSize = 64 * 1024;
        kestrel.Listen(AddressOf(url), url.Port, listener => listener.Protocols = HttpProtocols.Http1);
    }

    private static IPAddress AddressOf(Uri url)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var address))
            return address;

        return url.IsLoopback ? IPAddress.Loopback : IPAddress.Any;
    }
}
