using System.Globalization;

namespace CalGateway.Telemetry.Durations;

/// <summary>What <c>http.server.request.duration</c> tells requests apart by, as the HTTP semantic conventions have it.</summary>
internal readonly record struct RequestKind(string Method, string Scheme, string? Version, int Status, string? Route)
{
    public static RequestKind Of(HttpContext context)
    {
        var request = context.Request;
        return new RequestKind(
            HttpWords.Method(request.Method), request.Scheme, HttpWords.Version(request.Protocol), context.Response.StatusCode,
            (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText);
    }

    public KeyValuePair<string, object?>[] Tags()
    {
        List<KeyValuePair<string, object?>> tags =
            [new("http.request.method", Method), new("url.scheme", Scheme), new("http.response.status_code", Status)];
        if (Version is not null)
            tags.Add(new("network.protocol.version", Version));
        if (Route is not null)
            tags.Add(new("http.route", Route));
        if (Status >= StatusCodes.Status500InternalServerError)
            tags.Add(new("error.type", Status.ToString(CultureInfo.InvariantCulture)));
        return [.. tags];
    }
}
