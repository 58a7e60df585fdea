using CalGateway.Sandbox.Routing;
using Microsoft.Extensions.Primitives;

namespace CalGateway.Sandbox.Serving;

/// <summary>A request as the server sees it: below the base path, with its former paths rewritten.</summary>
/// <param name="OriginalUrl">The url as it was sent, query included: what a route miss quotes.</param>
/// <param name="Url">The url as rewritten: what the envelope of an error calls its path.</param>
/// <param name="IsServed">False for what lies outside the base path.</param>
internal sealed record CalComRequest(
    string Method, string OriginalUrl, string Url, string Path, string Query, byte[] Body, IHeaderDictionary Headers, string Address, bool IsServed)
{
    /// <summary>The key or token that came: the server takes "Bearer " away and looks at the rest.</summary>
    public string? Token
    {
        get
        {
            string? authorization = Headers.Authorization;
            if (string.IsNullOrEmpty(authorization))
                return null;

            var bearer = authorization.IndexOf("Bearer ", StringComparison.Ordinal);
            var token = bearer < 0 ? authorization : authorization.Remove(bearer, "Bearer ".Length);
            return token.Length > 0 ? token : null;
        }
    }

    public StringValues Version => Headers[VersionHeader.Name];

    public static CalComRequest From(RecordedRequest arrived, HttpContext context, string basePath)
    {
        var prefix = basePath.Trim('/') is { Length: > 0 } trimmed ? "/" + trimmed : "";
        var isServed = arrived.Path.StartsWith(prefix + "/", StringComparison.Ordinal) || arrived.Path == prefix;
        var path = isServed ? arrived.Path[prefix.Length..] : arrived.Path;
        if (path.Length == 0)
            path = "/";
        var rewritten = Rewrites.Apply(path);
        return new CalComRequest(
            arrived.Method,
            path + arrived.Query,
            rewritten + arrived.Query,
            rewritten,
            arrived.Query,
            arrived.Body,
            context.Request.Headers,
            context.Connection.RemoteIpAddress?.ToString() ?? "unknown",
            isServed);
    }
}
