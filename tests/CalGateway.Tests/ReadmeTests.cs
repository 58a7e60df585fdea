using CalGateway.Configuration;
using CalGateway.Configuration.Watching;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests;

/// <summary>What the README quotes of the gateway is what the gateway says.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_tour_breaks_the_pin_and_quotes_what_is_said_of_it()
    {
        var pin = GatewayFixture.ShippedSettings.IndexOf("2024-06-14", StringComparison.Ordinal);
        var shipped = Judge(GatewayFixture.ShippedSettings);
        var broken = Judge(GatewayFixture.ShippedSettings.Remove(pin, 10).Insert(pin, "2024-08-13"));
        var readme = Checkout.Readme.ReplaceLineEndings("\n");

        Assert.Contains($" is in force: {Assert.Single(SettingsChange.Between(shipped.Settings, broken.Settings))}\n", readme, StringComparison.Ordinal);
        Assert.Contains($"\n{Assert.Single(broken.Warnings).Describe("yarp.json")}\n", readme, StringComparison.Ordinal);
    }

    private static Revision Judge(string settings) =>
        TestRevision.From(settings).Revision!;
}
