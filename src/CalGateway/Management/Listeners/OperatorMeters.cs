using System.Diagnostics.Metrics;

namespace CalGateway.Management.Listeners;

/// <summary>Gives ASP.NET Core's meters names that no exporter collects, so that operators' requests do not count as those of callers.</summary>
internal sealed class OperatorMeters : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter($"CalGateway.Management/{options.Name}", options.Version);
        lock (_meters)
            _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        foreach (var meter in _meters)
            meter.Dispose();
    }
}
