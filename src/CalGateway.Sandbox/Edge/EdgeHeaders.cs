using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Edge;

/// <summary>The headers that every answer carries: those of the server's helmet and CORS, and those of the edge before it.</summary>
internal sealed class EdgeHeaders(TimeProvider time)
{
    private static readonly KeyValuePair<string, StringValues>[] Constant =
    [
        new("Access-Control-Allow-Origin", "*"),
        new("Alt-Svc", "h3=\":443\"; ma=86400"),
        new("Cache-Control", "public, max-age=0, must-revalidate"),
        new("cf-cache-status", "DYNAMIC"),
        new("Content-Security-Policy",
            "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';frame-ancestors 'self';img-src 'self' data:;"
            + "object-src 'none';script-src 'self';script-src-attr 'none';style-src 'self' https: 'unsafe-inline';upgrade-insecure-requests"),
        new("Cross-Origin-Opener-Policy", "same-origin"),
        new("Cross-Origin-Resource-Policy", "same-origin"),
        new("Origin-Agent-Cluster", "?1"),
        new("Referrer-Policy", "no-referrer"),
        new("Server", "cloudflare"),
        new("Strict-Transport-Security", "max-age=63072000"),
        new("Vary", "Accept-Encoding"),
        new("X-Content-Type-Options", "nosniff"),
        new("X-DNS-Prefetch-Control", "off"),
        new("X-Download-Options", "noopen"),
        new("X-Frame-Options", "SAMEORIGIN"),
        new("X-Permitted-Cross-Domain-Policies", "none"),
        new("X-XSS-Protection", "0"),
    ];

    public void Apply(IHeaderDictionary headers)
    {
        foreach (var (name, value) in Constant)
            headers[name] = value;
        headers["X-Request-Id"] = Guid.NewGuid().ToString();
        headers["CF-RAY"] = $"{RandomNumberGenerator.GetHexString(16, lowercase: true)}-FRA";
        headers.SetCookie = BotCookie();
    }

    // The edge's bot cookie. Every answer has a new one, which keeps most shared caches from storing it.
    private string BotCookie()
    {
        var expires = time.GetUtcNow().AddMinutes(30).UtcDateTime.ToString("ddd, dd-MMM-yy HH:mm:ss 'GMT'", CultureInfo.InvariantCulture);
        return $"__cf_bm={RandomNumberGenerator.GetHexString(43)}; path=/; expires={expires}; HttpOnly; Secure; SameSite=None";
    }
}
