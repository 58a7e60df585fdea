using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Explain;

/// <summary>Routes that are taken by a header, a host or a query parameter as well.</summary>
public sealed class ConditionalRouteTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string WithOthers => GatewayFixture.ShippedSettings
        .Replace("\"event-types\": {\n        \"ClusterId\"", """
            "by-header": {
                    "ClusterId": "calcom", "Order": -1, "Match": { "Path": "/calcom/{**rest}", "Headers": [{ "Name": "x-partner", "Mode": "Exists" }] },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-04-15", "Caller": "Known" }]
                  },
                  "by-host": {
                    "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}", "Hosts": ["cal.localhost"] },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14" }]
                  },
                  "by-query": {
                    "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}", "QueryParameters": [{ "Name": "old", "Values": ["yes"] }] },
                    "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-11" }]
                  },
                  "event-types": {
                    "ClusterId"
            """, StringComparison.Ordinal);

    [Theory]
    [InlineData("/calcom/v2/event-types", "", "event-types", "2024-06-14")]
    [InlineData("/calcom/v2/event-types?old=yes", "", "by-query", "2024-06-11")]
    [InlineData("/calcom/v2/event-types", "&host=cal.localhost", "by-host", "2024-06-14")]
    [InlineData("/calcom/v2/event-types", "&header=Host:%20cal.localhost", "by-host", "2024-06-14")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:%20a", "by-header", "2024-04-15")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:a&header=cal-api-version:2024-06-11", "by-header", "2024-06-11")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:a&header=cal-api-version:2024-09-04", "by-header", "2024-04-15")]
    [InlineData("/calcom/v2/event-types", "&header=X-Partner:a&header=cal-api-version:2024-06-11&header=cal-api-version:2024-06-11", "by-header", "2024-04-15")]
    public async Task A_question_may_be_put_with_headers_host_and_query(string path, string more, string route, string version)
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers);

        var explained = await pair.Gateway.AskManagementAsync($"/explain?method=GET&path={Uri.EscapeDataString(path)}{more}");

        Assert.Equal((route, version), ((string?)explained["route"], (string?)explained["apiVersion"]));
        Assert.Equal(version == "2024-06-11" && route == "by-header", (bool?)explained["callersVersion"] ?? false);
        Assert.Empty(pair.Sandbox.Requests.All);
    }

    [Fact]
    public async Task The_other_routes_of_a_path_are_named_with_what_leads_there()
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers);

        Assert.Equal(
            ["by-header: header x-partner", "by-host: host cal.localhost", "by-query: query old=yes", "components: header x-cal-platform-embed"],
            await OthersAsync("GET", "/calcom/v2/event-types"));
        Assert.Equal(
            ["bookings: method POST", "by-header: header x-partner", "components: header x-cal-platform-embed"],
            await OthersAsync("GET", "/calcom/v2/bookings/1/reschedule"));
        Assert.Contains("rest: without header x-partner", await OthersAsync("GET", "/calcom/v2/me", "&header=x-partner:1"));
        Assert.Contains("components: header x-cal-platform-embed", await OthersAsync("HEAD", "/calcom/v2/slots"));
        Assert.Contains("older-bookings: method POST", await OthersAsync("DELETE", "/calcom/v2/bookings/instant"));

        async Task<IEnumerable<string>> OthersAsync(string method, string path, string more = "") =>
            [.. (await pair.Gateway.AskManagementAsync($"/explain?method={method}&path={Uri.EscapeDataString(path)}{more}"))["otherRoutes"]!.AsArray()
                .Select(other => $"{other!["route"]}: {other["by"]}")];
    }

    [Fact]
    public async Task A_path_that_a_route_takes_by_another_header_alone_is_told_to_be_such_a_path()
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers
            .Replace("/calcom/{**rest}\", \"Headers", "/partner/{**rest}\", \"Headers", StringComparison.Ordinal));

        var taken = await pair.Gateway.AskManagementAsync("/explain?path=/partner/v2/me");
        var marked = await pair.Gateway.AskManagementAsync("/explain?path=/partner/v2/me&header=x-partner:1");

        Assert.Contains("As it is, /partner/v2/me would take the route by-header, by header x-partner.", taken["notes"]!.AsArray().Select(note => (string?)note));
        Assert.Equal("by-header", (string?)marked["route"]);
    }

    [Fact]
    public async Task Of_several_conditions_of_the_route_that_is_taken_one_that_is_not_met_is_said_to_be_enough()
    {
        await using var pair = await Pair.StartAsync(settings: WithOthers.Replace(
            "\"Headers\": [{ \"Name\": \"x-partner\", \"Mode\": \"Exists\" }", "\"Headers\": [{ \"Name\": \"x-partner\", \"Mode\": \"Exists\" }, { \"Name\": \"x-old\", \"Mode\": \"NotExists\" }", StringComparison.Ordinal));

        var explained = await pair.Gateway.AskManagementAsync("/explain?path=/calcom/v2/me&header=x-partner:1");

        Assert.Equal("without one of these: header x-partner, no header x-old", (string?)explained["otherRoutes"]!.AsArray().Single(other => (string?)other!["route"] == "rest")!["by"]);
    }

    [Theory]
    [InlineData("header=no-colon")]
    [InlineData("header=:%20value")]
    [InlineData("header=two%20words:%20x")]
    [InlineData("header=x:%20a%0d%0ay:%20b")]
    [InlineData("host=a/b")]
    [InlineData("host=a%20b")]
    public async Task What_is_no_header_or_host_is_refused(string part)
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        using var answer = await client.GetAsync($"/explain?path=/calcom/v2/bookings&{part}", Cancellation);

        Assert.Equal(400, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_verb_takes_headers_and_a_host()
    {
        var folder = Directory.CreateTempSubdirectory("calgateway-");
        await File.WriteAllTextAsync(System.IO.Path.Combine(folder.FullName, "yarp.json"), WithOthers, Cancellation);
        await using var asked = GatewayProcess.Start(
            ["explain", "GET", "/calcom/v2/event-types", "-H", "x-partner: 1", "-H", "cal-api-version: 2024-06-11", "--host", "cal.localhost"], workingDirectory: folder.FullName);
        await using var wrong = GatewayProcess.Start(["explain", "GET", "/calcom/v2/event-types", "-H", "x-partner"], workingDirectory: folder.FullName);

        Assert.Equal(0, await asked.ExitAsync());
        Assert.Contains("by-header", asked.Output, StringComparison.Ordinal);
        Assert.Contains("or        event-types, without header x-partner", asked.Output, StringComparison.Ordinal);
        Assert.Contains("2024-06-11, the caller's own; the pin is at yarp.json:", asked.Output, StringComparison.Ordinal);
        Assert.Contains("or        by-host, by host cal.localhost", asked.Output, StringComparison.Ordinal);
        Assert.Equal(2, await wrong.ExitAsync());
        Assert.Contains("name: value", wrong.Errors, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
