using System.Globalization;

namespace CalGateway.CalCom.Traffic;

/// <summary>What metrics tell requests to Cal.com apart by: the gateway's own by route and outcome, those of the HTTP semantic conventions by all but the route.</summary>
/// <param name="Route">The id of the route that it was sent for.</param>
/// <param name="Method">In the words of the conventions.</param>
/// <param name="Destination">The base URL that it was sent to.</param>
/// <param name="Version">HTTP's, that the answer came by; null where none came.</param>
/// <param name="Status">The answer's; null where none came.</param>
/// <param name="Error">Why none came, in one of the words of <see cref="FailureWords"/>.</param>
internal readonly record struct UpstreamKind(string Route, string Method, string Destination, Version? Version, int? Status, string? Error)
{
    private const string StatusTag = "http.response.status_code";
    private const string ErrorTag = "error.type";

    public KeyValuePair<string, object?>[] Tags() =>
        [new("calgateway.route", Route), Status is { } status ? new(StatusTag, status) : new(ErrorTag, Error)];

    public KeyValuePair<string, object?>[] ConventionalTags()
    {
        var destination = new Uri(Destination);
        List<KeyValuePair<string, object?>> tags =
        [
            new("http.request.method", Method), new("server.address", destination.IdnHost), new("server.port", destination.Port),
            new("url.scheme", destination.Scheme),
        ];
        if (Version is not null)
            tags.Add(new("network.protocol.version", Version.Minor == 0 && Version.Major > 1 ? Version.ToString(1) : Version.ToString(2)));
        if (Status is { } status)
            tags.Add(new(StatusTag, status));
        if (Error is not null || Status is >= StatusCodes.Status400BadRequest)
            tags.Add(new(ErrorTag, Error ?? Status!.Value.ToString(CultureInfo.InvariantCulture)));
        return [.. tags];
    }
}
