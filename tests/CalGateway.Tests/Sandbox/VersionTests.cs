using System.Net;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Sandbox;

public sealed class VersionTests
{
    [Theory]
    [InlineData("2024-06-14", true)]
    [InlineData("2024-06-11", false)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("2031-01-01", false)]
    [InlineData("\"2024-06-14\"", false)]
    [InlineData("2024-06-14,2024-06-14", false)]
    public async Task Only_the_exact_constant_gets_the_flat_list_and_anything_unknown_the_oldest(string? version, bool flat)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var data = (await caller.GetJsonAsync("/v2/event-types", version))["data"]!;

        if (flat)
            Assert.Equal(15, data[0]!["lengthInMinutes"]!.GetValue<int>());
        else
            Assert.Equal(15, data["eventTypeGroups"]![0]!["eventTypes"]![0]!["length"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("2024-08-13")]
    [InlineData("2024-09-04")]
    [InlineData("2026-02-25")]
    public async Task A_known_but_wrong_version_is_a_route_miss_that_met_no_guard(string version)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.GetAsync("/v2/event-types?x=1", version, key: "cal_wrong");
        var json = await SandboxClient.ReadAsync(answer);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("/v2/event-types?x=1", json["path"]!.ToString());
        Assert.Equal("Cannot GET /v2/event-types?x=1", json["error"]!["message"]!.ToString());
        Assert.Equal("Cannot GET /v2/event-types?x=1", json["error"]!["details"]!["message"]!.ToString());
        Assert.Equal("Not Found", json["error"]!["details"]!["error"]!.ToString());
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("X-RateLimit", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("/V2/Event-Types", 200)]
    [InlineData("/v2/event-types/", 200)]
    [InlineData("/api/v2/event-types", 200)]
    [InlineData("/v2/ee/event-types", 200)]
    [InlineData("/v2//event-types", 404)]
    [InlineData("/v2/event-types//", 404)]
    [InlineData("/v2/event%2Dtypes", 404)]
    [InlineData("/event-types", 404)]
    public async Task Paths_match_as_Express_matches_them(string path, int status)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.GetAsync(path, "2024-06-14");

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_route_miss_quotes_the_url_as_it_was_sent()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var json = await caller.GetJsonAsync("/api/v2/nothing?a=b");

        Assert.Equal("/v2/nothing?a=b", json["path"]!.ToString());
        Assert.Equal("Cannot GET /api/v2/nothing?a=b", json["error"]!["message"]!.ToString());
    }

    [Theory]
    [InlineData("GET", "/v2/slots/available", "2024-09-04", 404)]
    [InlineData("GET", "/v2/slots", "2024-08-13", 404)]
    [InlineData("GET", "/v2/bookings", "2026-05-01", 200)]
    [InlineData("GET", "/v2/schedules/default", "2024-06-11", 200)]
    [InlineData("GET", "/v2/event-types/3928133/private-links", "2024-06-14", 404)]
    [InlineData("GET", "/v2/event-types/3928133/private-links", null, 200)]
    [InlineData("POST", "/v2/bookings/nope/reschedule", null, 404)]
    [InlineData("GET", "/v2/organizations/11/teams/7/event-types", "2026-02-25", 200)]
    [InlineData("GET", "/v2/calendars", "2024-06-14", 200)]
    [InlineData("GET", "/health", "2024-08-13", 200)]
    public async Task Each_family_answers_at_its_own_versions(string method, string path, string? version, int status)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        Assert.Equal(status, (int)(await caller.SendAsync(method, path, version)).StatusCode);
    }
}
