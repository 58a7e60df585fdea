using System.Diagnostics.Metrics;
using System.Globalization;
using CalGateway.Journey;

namespace CalGateway.Telemetry.Durations;

/// <summary><c>http.server.request.duration</c>, in place of the framework's own.</summary>
internal sealed class ServerDurations
{
    public const string Name = "http.server.request.duration";

    private readonly DurationTallies<ServerKind> _tallies;
    private readonly TimeProvider _clock;

    public ServerDurations(IMeterFactory meters, DurationPublisher publisher, TimeProvider clock)
    {
        _clock = clock;
        var histogram = meters.Create(GatewayMetrics.MeterName).CreateHistogram<double>(Name, "s", "Duration of HTTP server requests.");
        _tallies = publisher.Tally<ServerKind>((kind, seconds, times) => histogram.Record(seconds, times, kind.Tags()));
    }

    /// <summary>Records a request that is over.</summary>
    public void Record(GatewayCall call, HttpContext context) => _tallies.Add(ServerKind.Of(context), _clock.GetElapsedTime(call.StartedAt));
}

/// <summary>The tags of <c>http.server.request.duration</c>, by the HTTP semantic conventions.</summary>
internal readonly record struct ServerKind(string Method, string Scheme, string? Version, int Status, string? Route)
{
    public static ServerKind Of(HttpContext context)
    {
        var request = context.Request;
        return new ServerKind(
            HttpConventions.Method(request.Method), request.Scheme, HttpConventions.Version(request.Protocol), context.Response.StatusCode,
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
