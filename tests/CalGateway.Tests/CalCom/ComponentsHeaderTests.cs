using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

/// <summary>The header by which the shipped file sends Cal.com's components to a route of their own.</summary>
public sealed class ComponentsHeaderTests
{
    private const string Slots = "/calcom/v2/slots/available?eventTypeId=3928133&startTime=2030-01-01T00:00:00Z&endTime=2030-01-03T00:00:00Z";

    [Theory]
    [InlineData("x-cal-platform-embed: true")]
    [InlineData("X-CAL-Platform-Embed: true")]
    [InlineData("x-cal-platform-embed:")]
    [InlineData("x-cal-platform-embed:   ")]
    [InlineData("x-cal-platform-embed:\r\nx-cal-platform-embed:")]
    [InlineData("x-cal-platform-embed:\r\nX-Cal-Platform-Embed: false")]
    public async Task With_any_value_and_with_none_it_leads_to_that_route_and_does_not_travel(string header)
    {
        await using var pair = await Pair.StartAsync();

        var answer = await pair.AskRawAsync($"GET {Slots} HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal("2024-06-14", Assert.Single(asked.Header("cal-api-version")));
        Assert.Empty(asked.Header("x-cal-platform-embed"));
    }

    [Fact]
    public async Task Explain_takes_it_without_a_value_too()
    {
        await using var pair = await Pair.StartAsync();

        var explained = await pair.Gateway.AskManagementAsync("/explain?method=GET&path=/calcom/v2/event-types&header=x-cal-platform-embed:");

        Assert.Equal("components", (string?)explained["route"]);
    }
}
