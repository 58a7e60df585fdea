using System.Diagnostics.Metrics;
using System.Globalization;

namespace CalGateway.Telemetry.Durations;

/// <summary>
/// The metrics of requests to Cal.com: the gateway's own, and <c>http.client.request.duration</c> in place of HttpClient's, which is dropped by means of
/// <see cref="CalComClientMeters"/>. HttpClient measures everything else: how long connections last, and requests to other clusters.
/// </summary>
internal sealed class UpstreamDurations
{
    public const string Name = "calgateway.upstream.duration";
    public const string ClientName = "http.client.request.duration";

    private readonly DurationTallies<UpstreamKind> _tallies;

    public UpstreamDurations(IMeterFactory meters, DurationPublisher publisher)
    {
        var meter = meters.Create(GatewayMetrics.MeterName);
        var requests = meter.CreateCounter<long>("calgateway.upstream.requests", "{request}", "Requests to Cal.com, by route and by the answer's status or why there was none.");
        var duration = meter.CreateHistogram<double>(Name, "s", "Until Cal.com's answer began, or it was known that there would be none.");
        var client = meters.Create(CalComClientMeters.Name).CreateHistogram<double>(ClientName, "s", "Duration of HTTP client requests.");
        _tallies = publisher.Tally<UpstreamKind>((kind, seconds, times) =>
        {
            var tags = kind.Tags();
            requests.Add(times, tags);
            duration.Record(seconds, times, tags);
            client.Record(seconds, times, kind.ConventionalTags());
        });
    }

    public void Record(in UpstreamKind kind, TimeSpan duration) => _tallies.Add(kind, duration);
}

/// <summary>The tags of a request to Cal.com. The gateway's own metrics have route and outcome; those by the conventions all but the route.</summary>
/// <param name="Method">As the conventions write it.</param>
/// <param name="Version">The HTTP version of the answer; null if none came.</param>
/// <param name="Status">The status of the answer; null if none came.</param>
/// <param name="Error">Why no answer came, as a value of <c>error.type</c>.</param>
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

/// <summary>
/// The meter of the HttpClient that calls Cal.com. It has the name of every HttpClient's meter but is an object of its own, so that its durations can be
/// dropped in favour of those of <see cref="UpstreamDurations"/>.
/// </summary>
internal sealed class CalComClientMeters : IMeterFactory
{
    public const string Name = "System.Net.Http";

    public static readonly CalComClientMeters Instance = new();

    private readonly Meter _meter = new(Name);

    private CalComClientMeters()
    {
    }

    public static bool Made(Instrument instrument) => ReferenceEquals(instrument.Meter, Instance._meter);

    public Meter Create(MeterOptions options) => _meter;

    public void Dispose()
    {
        // There is one meter for all clients, for as long as the process runs.
    }
}
