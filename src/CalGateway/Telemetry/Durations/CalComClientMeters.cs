using System.Diagnostics.Metrics;

namespace CalGateway.Telemetry.Durations;

/// <summary>
/// The meter of the HttpClient that asks Cal.com. It is named as every HttpClient's, but is one of its own, so that its durations can be left out
/// where <see cref="UpstreamDurations"/> has them.
/// </summary>
internal sealed class CalComClientMeters : IMeterFactory
{
    public const string Name = "System.Net.Http";

    public static readonly CalComClientMeters Instance = new();

    private readonly Meter _meter = new(Name);

    private CalComClientMeters()
    {
    }

    public static bool Have(Instrument instrument) => ReferenceEquals(instrument.Meter, Instance._meter);

    public Meter Create(MeterOptions options) => _meter;

    public void Dispose()
    {
        // One for all clients, for as long as the process runs.
    }
}
