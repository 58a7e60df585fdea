using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry;

/// <summary>Whether Cal.com is sent trace ids.</summary>
public sealed class TraceContextTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    /// <summary>A Cal.com of one's own is no third party.</summary>
    [Fact]
    public async Task Where_the_settings_say_so_Cal_com_is_told_the_trace_but_never_the_baggage()
    {
        await using var pair = await Pair.StartAsync();

        (await pair.GetAsync("/calcom/v2/me", ("traceparent", Parent), ("baggage", "user=somebody"))).Dispose();
        pair.Gateway.Edit(settings => settings.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Upstream\": { \"TraceContext\": true },", StringComparison.Ordinal));
        await Eventually.TrueAsync(
            async () =>
            {
                (await pair.GetAsync("/calcom/v2/me", ("traceparent", Parent), ("tracestate", "vendor=value"), ("baggage", "user=somebody"))).Dispose();
                return pair.Sandbox.Requests.All[^1].Header("traceparent").Any();
            },
            "the edit is in force");

        var (first, last) = (pair.Sandbox.Requests.All[0], pair.Sandbox.Requests.All[^1]);
        Assert.Empty(first.Header("traceparent"));
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", Assert.Single(last.Header("traceparent")), StringComparison.Ordinal);
        Assert.DoesNotContain("b7ad6b7169203331", last.Header("traceparent").Single(), StringComparison.Ordinal); // our span is the parent
        Assert.Equal(["vendor=value"], last.Header("tracestate"));
        Assert.Empty(last.Header("baggage"));
    }
}
