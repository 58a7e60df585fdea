using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>Records the metrics of one gateway, even if others run in the same process.</summary>
internal sealed class MeterRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, double> _sums = [];
    private readonly Dictionary<string, double> _gauges = [];
    private readonly ConcurrentBag<string> _instruments = [];

    public MeterRecorder(GatewayFixture gateway)
    {
        var scope = gateway.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!ReferenceEquals(instrument.Meter.Scope, scope))
                return;

            _instruments.Add($"{instrument.Name} {instrument.Unit}".TrimEnd());
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The instruments with their units.</summary>
    public IReadOnlyCollection<string> Instruments => _instruments;

    /// <summary>The sum of an instrument since this recorder was created.</summary>
    /// <param name="name">The instrument and its tags: <c>calgateway.problems calgateway.problem.code=no-route,…</c>.</param>
    public double Sum(string name)
    {
        lock (_sums)
            return _sums.GetValueOrDefault(name);
    }

    /// <summary>All sums, by instrument and tags.</summary>
    public IReadOnlyCollection<string> Names
    {
        get
        {
            lock (_sums)
                return [.. _sums.Keys];
        }
    }

    /// <summary>The value of an instrument, whether it is observable or not.</summary>
    public double Value(string name) => Gauges().TryGetValue(name, out var told) ? told : Sum(name);

    /// <summary>The current values of the gauges, by instrument and tags.</summary>
    public IReadOnlyDictionary<string, double> Gauges()
    {
        lock (_sums)
            _gauges.Clear();
        _listener.RecordObservableInstruments();
        lock (_sums)
            return new Dictionary<string, double>(_gauges);
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = $"{instrument.Name} {string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}".TrimEnd();
        lock (_sums)
        {
            if (instrument.IsObservable)
                _gauges[name] = value;
            else
                _sums[name] = _sums.GetValueOrDefault(name) + value;
        }
    }
}
