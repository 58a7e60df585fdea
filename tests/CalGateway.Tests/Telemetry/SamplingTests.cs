using CalGateway.Telemetry;
using Microsoft.Extensions.Configuration;

namespace CalGateway.Tests.Telemetry;

public sealed class SamplingTests
{
    [Theory]
    [InlineData(true, "always_off", null)]
    [InlineData(true, "traceidratio", "0")]
    [InlineData(true, "TraceIdRatio", "0.0")]
    [InlineData(false, "traceidratio", "0.1")]
    [InlineData(false, "traceidratio", "nonsense")]
    [InlineData(false, "traceidratio", null)]
    [InlineData(false, "parentbased_always_off", null)]
    [InlineData(false, "parentbased_traceidratio", "0")]
    [InlineData(false, null, "0")]
    public void Nobody_listens_only_where_no_caller_can_have_a_trace_recorded(bool expected, string? sampler, string? argument)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["OTEL_TRACES_SAMPLER"] = sampler, ["OTEL_TRACES_SAMPLER_ARG"] = argument })
            .Build();

        Assert.Equal(expected, Destinations.RecordNoTrace(configuration));
    }
}
