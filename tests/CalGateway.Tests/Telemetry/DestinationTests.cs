using CalGateway.Telemetry;
using Microsoft.Extensions.Configuration;

namespace CalGateway.Tests.Telemetry;

public sealed class DestinationTests
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, false, "OTEL_TRACES_EXPORTER=otlp")]
    [InlineData(false, false, "OTEL_EXPORTER_OTLP_ENDPOINT=")]
    [InlineData(true, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317")]
    [InlineData(true, true, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://collector:4317")]
    [InlineData(true, false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_METRICS_EXPORTER=none")]
    [InlineData(false, true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_TRACES_EXPORTER=None")]
    public void An_endpoint_switches_OTLP_on_and_none_keeps_a_signal_back(bool traces, bool metrics, params string[] variables)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(variables.Select(variable => variable.Split('=')).Select(parts => KeyValuePair.Create(parts[0], (string?)parts[1])))
            .Build();

        Assert.Equal(new Destinations(traces, metrics), Destinations.From(configuration));
    }
}
