using System.Net;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Sandbox;

/// <summary>What Cal.com's own components ask: the event to draw, slots and bookings as they were before their newer forms.</summary>
public sealed class ComponentOperationTests
{
    private const string Components = "2024-06-14";
    private const string Current = "2024-08-13";

    [Theory]
    [InlineData("2024-04-15")]
    [InlineData(Components)]
    [InlineData("2024-09-04")]
    [InlineData("2026-02-25")]
    public async Task An_event_is_drawn_for_everybody_at_every_version(string version)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var drawn = (await caller.GetJsonAsync("/v2/atoms/event-types/15min/public?username=owner", version, key: null))["data"]!;

        Assert.Equal((3928133, "15 Min Meeting", "15min", 15), ((int)drawn["id"]!, (string)drawn["title"]!, (string)drawn["slug"]!, (int)drawn["length"]!));
        Assert.Equal(["name", "email", "location", "notes", "guests", "rescheduleReason"], drawn["bookingFields"]!.AsArray().Select(field => (string)field!["name"]!));
        Assert.All(drawn["bookingFields"]!.AsArray(), field =>
            Assert.All(new[] { "type", "defaultLabel", "required", "editable", "sources" }, property => Assert.NotNull(field![property])));
        Assert.All(new[] { "users", "subsetOfUsers" }, list => Assert.Equal("owner", (string?)drawn[list]![0]!["profile"]!["username"]));
        Assert.Equal("owner", (string?)drawn["profile"]!["username"]);
        Assert.Equal("UTC", (string?)drawn["schedule"]!["timeZone"]);
    }

    [Theory]
    [InlineData("nothing/public?username=owner")]
    [InlineData("15min/public?username=somebody")]
    [InlineData("15min/public")]
    [InlineData("support-call/public?username=owner")]
    [InlineData("support-call/public?isTeamEvent=true&teamId=8")]
    public async Task An_event_that_is_not_there_is_not_found(string rest)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var missing = await caller.GetAsync($"/v2/atoms/event-types/{rest}", Components, key: null);

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal($"Event type with slug {rest.Split('/')[0]} not found", (string?)(await SandboxClient.ReadAsync(missing))["error"]!["message"]);
    }

    [Fact]
    public async Task A_teams_event_is_drawn_by_its_team()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var drawn = (await caller.GetJsonAsync("/v2/atoms/event-types/support-call/public?isTeamEvent=true&teamId=7", Components, key: null))["data"]!;

        Assert.Equal("support", (string?)drawn["entity"]!["teamSlug"]);
        Assert.Equal("ROUNDROBIN", (string?)drawn["schedulingType"]);
    }

    [Fact]
    public async Task A_slot_is_listed_by_id_or_slug_held_given_back_and_booked_by_whoever_holds_it()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        var slot = (await SlotsAsync(caller, "eventTypeId=3928133&usernameList%5B%5D=owner"))[0];
        Assert.Equal(slot, (await SlotsAsync(caller, "eventTypeSlug=15min&usernameList%5B%5D=owner"))[0]);

        var uid = await ReserveAsync(caller, slot);
        Assert.DoesNotContain(slot, await SlotsAsync(caller, "eventTypeId=3928133"));
        await caller.SendAsync("DELETE", $"/v2/slots/selected-slot?uid={uid}", Components, key: null);
        Assert.Contains(slot, await SlotsAsync(caller, "eventTypeId=3928133"));

        await ReserveAsync(caller, slot);
        var booked = await caller.SendAsync("POST", "/v2/bookings", Components, null, OlderBody(slot));
        Assert.Equal(HttpStatusCode.Created, booked.StatusCode);
        var booking = await caller.GetJsonAsync($"/v2/bookings/{(await SandboxClient.ReadAsync(booked))["data"]!["uid"]}", Current);
        Assert.Equal("Ada Lovelace", (string?)booking["data"]!["attendees"]![0]!["name"]);
    }

    [Fact]
    public async Task A_range_has_both_ends()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var day = (await caller.GetJsonAsync($"/v2/slots/available?eventTypeId=3928133&{Week()}&slotFormat=range", Components, key: null))["data"]!["slots"]!.AsObject().First().Value!;

        Assert.Equal(15, (DateTimeOffset.Parse((string)day[0]!["endTime"]!, null) - DateTimeOffset.Parse((string)day[0]!["startTime"]!, null)).TotalMinutes);
    }

    [Fact]
    public async Task A_dry_run_holds_nothing()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        var slot = (await SlotsAsync(caller, "eventTypeId=3928133"))[0];

        await ReserveAsync(caller, slot, ", \"_isDryRun\": true");

        Assert.Contains(slot, await SlotsAsync(caller, "eventTypeId=3928133"));
    }

    [Theory]
    [InlineData("""{ "eventTypeId": 3928133, "slotUtcStartDate": "2030-01-07T09:00:00Z" }""", HttpStatusCode.BadRequest)]
    [InlineData("""{ "eventTypeId": 3928133, "slotStart": "2030-01-07T09:00:00Z" }""", HttpStatusCode.BadRequest)]
    [InlineData("""{ "eventTypeId": 1, "slotUtcStartDate": "2030-01-07T09:00:00Z", "slotUtcEndDate": "2030-01-07T09:15:00Z" }""", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_held_is_refused(string body, HttpStatusCode status)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        Assert.Equal(status, (await caller.SendAsync("POST", "/v2/slots/reserve", Components, null, body)).StatusCode);
    }

    [Theory]
    [InlineData("eventTypeId=3928133&startTime=tomorrow&endTime=2030-01-08T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("eventTypeId=3928133&startTime=2030-01-07T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("eventTypeId=3928133&startTime=2030-01-08T00:00:00Z&endTime=2030-01-07T00:00:00Z", HttpStatusCode.BadRequest)]
    [InlineData("eventTypeId=1&startTime=2030-01-07T00:00:00Z&endTime=2030-01-08T00:00:00Z", HttpStatusCode.NotFound)]
    public async Task Slots_of_no_time_or_no_event_are_refused(string query, HttpStatusCode status)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        Assert.Equal(status, (await caller.GetAsync($"/v2/slots/available?{query}", Components, key: null)).StatusCode);
    }

    [Theory]
    [InlineData("2024-04-15", false, HttpStatusCode.Created)]
    [InlineData("2024-06-11", false, HttpStatusCode.Created)]
    [InlineData(Components, false, HttpStatusCode.Created)]
    [InlineData(Current, false, HttpStatusCode.BadRequest)]
    [InlineData("2024-04-15", true, HttpStatusCode.BadRequest)]
    [InlineData(Components, true, HttpStatusCode.BadRequest)]
    [InlineData(Current, true, HttpStatusCode.Created)]
    public async Task Each_version_takes_its_own_body_of_a_booking_and_refuses_the_others(string version, bool newer, HttpStatusCode status)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        var slot = (await SlotsAsync(caller, "eventTypeId=3928133"))[0];

        Assert.Equal(status, (await caller.SendAsync("POST", "/v2/bookings", version, null, newer ? NewerBody(slot) : OlderBody(slot))).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/v2/slots/available?eventTypeId=3928133")]
    [InlineData("POST", "/v2/slots/reserve")]
    [InlineData("DELETE", "/v2/slots/selected-slot")]
    public async Task At_2024_09_04_the_older_slots_are_a_route_miss(string method, string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var missed = await caller.SendAsync(method, path, "2024-09-04", body: method == "POST" ? "{}" : null);

        Assert.Equal(HttpStatusCode.NotFound, missed.StatusCode);
        Assert.StartsWith($"Cannot {method} ", (string?)(await SandboxClient.ReadAsync(missed))["error"]!["message"], StringComparison.Ordinal);
    }

    private static string OlderBody(string slot) =>
        $$"""{"eventTypeId":3928133,"start":"{{slot}}","timeZone":"UTC","language":"en","metadata":{},"responses":{"name":{"firstName":"Ada","lastName":"Lovelace"},"email":"ada@example.com"} }""";

    private static string NewerBody(string slot) =>
        $$"""{"eventTypeId":3928133,"start":"{{slot}}","attendee":{"name":"Ada","email":"ada@example.com","timeZone":"UTC"} }""";

    private static async Task<string> ReserveAsync(SandboxClient caller, string slot, string more = "")
    {
        var end = DateTimeOffset.Parse(slot, null).AddMinutes(15).ToString("O");
        var held = await caller.SendAsync(
            "POST", "/v2/slots/reserve", Components, null, $$"""{"eventTypeId":3928133,"slotUtcStartDate":"{{slot}}","slotUtcEndDate":"{{end}}"{{more}} }""");
        Assert.Equal(HttpStatusCode.Created, held.StatusCode);
        return (string)(await SandboxClient.ReadAsync(held))["data"]!;
    }

    private static async Task<string[]> SlotsAsync(SandboxClient caller, string query)
    {
        var json = await caller.GetJsonAsync($"/v2/slots/available?{query}&{Week()}", Components, key: null);
        return [.. json["data"]!["slots"]!.AsObject().SelectMany(day => day.Value!.AsArray()).Select(slot => (string)slot!["time"]!)];
    }

    private static string Week()
    {
        var today = TimeProvider.System.GetUtcNow().Date;
        return $"startTime={today.AddDays(1):yyyy-MM-dd}T00:00:00Z&endTime={today.AddDays(8):yyyy-MM-dd}T00:00:00Z";
    }
}
