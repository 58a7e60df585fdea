using System.Diagnostics.Metrics;

namespace CalGateway.CalCom.Traffic;

/// <summary>
/// For the client that asks Cal.com: its meter is HttpClient's own, but one that is known, so that telemetry can leave out of it what
/// <see cref="UpstreamInstruments"/> tells instead.
/// </summary>
internal sealed class QuietClientMeters : IMeterFactory
{
    public static readonly QuietClientMeters Instance = new();

    private readonly Meter _meter = new(new MeterOptions(UpstreamInstruments.ClientMeter) { Scope = typeof(QuietClientMeters) });

    private QuietClientMeters()
    {
    }

    public static bool AreOf(Instrument instrument) => ReferenceEquals(instrument.Meter, Instance._meter);

    public Meter Create(MeterOptions options) => _meter;

    public void Dispose()
    {
        // One for all clients, for as long as the process runs.
    }
}
