using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class PassiveHealthTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_destination_that_keeps_failing_is_left_alone_where_the_settings_have_passive_health_checks(bool enabled)
    {
        const int requests = 15; // YARP judges by ten at least
        var settings = JsonNode.Parse(GatewayFixture.ShippedSettings)!;
        settings["ReverseProxy"]!["Clusters"]!["calcom"]!["HealthCheck"] = new JsonObject
        {
            ["AvailableDestinationsPolicy"] = "HealthyAndUnknown",
            ["Passive"] = new JsonObject { ["Enabled"] = enabled, ["Policy"] = "TransportFailureRate" },
        };
        await using var pair = await Pair.StartAsync(
            settings: settings.ToJsonString(),
            environment: new Dictionary<string, string?> { ["CalGateway__Upstream__Circuit__Enabled"] = "false" }); // which would open first
        await pair.Sandbox.StopAsync();

        var details = new List<string?>();
        for (var count = 0; count < requests; count++)
            details.Add((string?)(await pair.Caller.GetFromJsonProblemAsync("/calcom/v2/me"))["detail"]);

        Assert.Equal("Cal.com cannot be reached. It refuses the connection.", details[0]);
        Assert.Equal(enabled ? "Cal.com cannot be reached. There is no destination to ask." : details[0], details[^1]);
    }
}
