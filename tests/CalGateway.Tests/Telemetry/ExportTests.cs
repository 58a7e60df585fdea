using System.Text;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Telemetry;

public sealed class ExportTests
{
    [Fact]
    public async Task Traces_go_where_OpenTelemetrys_own_variables_say_and_the_key_does_not()
    {
        // The collector only has to record what arrives.
        await using var collector = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = GatewayProcess.Start(
            ["--sandbox", "--urls", "http://127.0.0.1:0"],
            new Dictionary<string, string>
            {
                ["CalGateway__Management__Url"] = "http://127.0.0.1:0",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.BaseAddress.AbsoluteUri,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            });
        await Eventually.TrueAsync(() => gateway.Output.Contains("try        curl", StringComparison.Ordinal), "it serves", TimeSpan.FromSeconds(30));
        var address = gateway.Output.Split("CalGateway serves ")[1].Split([' ', '\n', ','])[0];
        using var caller = new HttpClient { BaseAddress = new Uri(address) };

        using var answer = await caller.GetAsync("/calcom/v2/event-types?username=somebody", TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => collector.Requests.For("POST", "/v1/traces").Any(export => Contains(export, "calcom.api_version")), "the trace is exported");
        Assert.DoesNotContain(collector.Requests.All, export => Contains(export, "cal_test_sandbox") || Contains(export, "somebody"));
    }

    private static bool Contains(RecordedRequest export, string text) => Encoding.Latin1.GetString(export.Body).Contains(text, StringComparison.Ordinal);
}
