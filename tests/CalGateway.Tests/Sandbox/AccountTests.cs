using System.Net;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Sandbox;

public sealed class AccountTests
{
    private const string EventTypes = "2024-06-14";
    private const string Bookings = "2024-08-13";

    [Fact]
    public async Task The_owner_sees_hidden_event_types_and_others_do_not()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        Assert.Contains("secret", await SlugsAsync(caller, "/v2/event-types", ""));
        Assert.Equal(["15min", "30min-video-call"], await SlugsAsync(caller, "/v2/event-types?username=owner", null));
        Assert.Equal(["15min"], await SlugsAsync(caller, "/v2/event-types?username=owner&eventSlug=15min", null));
        Assert.Empty(await SlugsAsync(caller, "/v2/event-types?username=nobody", null));
        Assert.Empty(await SlugsAsync(caller, "/v2/event-types", null));
    }

    [Theory]
    [InlineData("/v2/me", null, 401, "ApiAuthStrategy - No authentication method provided. Either pass an API key as 'Bearer' header or OAuth client credentials as 'x-cal-secret-key' and 'x-cal-client-id' headers")]
    [InlineData("/v2/me", "cal_wrong", 401, "ApiAuthStrategy - api key - Your api key is not valid")]
    [InlineData("/v2/me", "expired-access-token", 498, "ACCESS_TOKEN_IS_EXPIRED")]
    [InlineData("/v2/bookings", null, 403, "PermissionsGuard - no authentication provided. Provide either authorization bearer token containing managed user access token or oAuth client id in 'x-cal-client-id' header.")]
    [InlineData("/v2/event-types?username=owner", "cal_wrong", 401, "ApiAuthStrategy - api key - Your api key is not valid")]
    public async Task A_missing_or_wrong_key_is_refused_in_the_words_of_the_server(string path, string? key, int status, string message)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.GetAsync(path, path.Contains("event-types", StringComparison.Ordinal) ? EventTypes : null, key);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(message, (await SandboxClient.ReadAsync(answer))["error"]!["message"]!.ToString());
        Assert.True(answer.Headers.Contains("X-RateLimit-Limit-Default"));
    }

    [Fact]
    public async Task An_event_type_is_created_read_changed_and_deleted()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var created = await caller.SendAsync("POST", "/v2/event-types", EventTypes, body: """{"title":"Chat","slug":"chat","lengthInMinutes":20}""");
        var url = $"/v2/event-types/{(await SandboxClient.ReadAsync(created))["data"]!["id"]}";
        var changed = await caller.SendAsync("PATCH", url, EventTypes, body: """{"lengthInMinutes":25}""");
        var deleted = await caller.SendAsync("DELETE", url, EventTypes);
        var gone = await caller.GetAsync(url, EventTypes);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(25, (await SandboxClient.ReadAsync(changed))["data"]!["lengthInMinutes"]!.GetValue<int>());
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.EndsWith("not found", (await SandboxClient.ReadAsync(gone))["error"]!["message"]!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_body_is_refused_with_every_constraint_it_breaks()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.SendAsync("POST", "/v2/event-types", EventTypes, body: """{"title":5}""");

        var errors = (await SandboxClient.ReadAsync(answer))["error"]!["details"]!["errors"]!.AsArray();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(["title", "slug", "lengthInMinutes"], errors.Select(error => error!["property"]!.ToString()));
    }

    [Fact]
    public async Task A_slot_is_booked_moved_and_cancelled()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        var slots = await FreeSlotsAsync(caller);

        var created = await BookAsync(caller, slots[0]);
        var taken = await BookAsync(caller, slots[0]);
        var uid = (await SandboxClient.ReadAsync(created))["data"]!["uid"]!.ToString();
        var moved = await caller.SendAsync("POST", $"/v2/bookings/{uid}/reschedule", Bookings, null, $$"""{"start":"{{slots[3]}}"}""");
        var newUid = (await SandboxClient.ReadAsync(moved))["data"]!["uid"]!.ToString();
        var cancelled = await caller.SendAsync("POST", $"/v2/bookings/{newUid}/cancel", Bookings, null, """{"cancellationReason":"ill"}""");
        var again = await caller.SendAsync("POST", $"/v2/bookings/{newUid}/cancel", Bookings, null, "{}");

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, taken.StatusCode);
        Assert.Equal("User either already has booking at this time or is not available", (await SandboxClient.ReadAsync(taken))["error"]!["message"]!.ToString());
        Assert.Equal(HttpStatusCode.Created, moved.StatusCode);
        Assert.Equal(newUid, (await caller.GetJsonAsync($"/v2/bookings/{uid}", Bookings))["data"]!["rescheduledToUid"]!.ToString());
        Assert.Equal("cancelled", (await SandboxClient.ReadAsync(cancelled))["data"]!["status"]!.ToString());
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    [Fact]
    public async Task The_case_of_a_booking_uid_counts()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        var uid = (await caller.GetJsonAsync("/v2/bookings", Bookings))["data"]![0]!["uid"]!.ToString();

        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync($"/v2/bookings/{uid}", Bookings)).StatusCode);
        Assert.Equal(
            $"Booking with uid={uid.ToUpperInvariant()} was not found in the database",
            (await caller.GetJsonAsync($"/v2/bookings/{uid.ToUpperInvariant()}", Bookings))["error"]!["message"]!.ToString());
    }

    [Fact]
    public async Task A_refreshed_key_takes_the_place_of_the_one_presented()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var fresh = (await SandboxClient.ReadAsync(await caller.SendAsync("POST", "/v2/api-keys/refresh")))["data"]!["apiKey"]!.ToString();

        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/v2/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/v2/me", key: fresh)).StatusCode);
    }

    [Fact]
    public async Task A_reserved_slot_is_not_offered_until_it_is_released()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        var slot = (await FreeSlotsAsync(caller))[0];

        var reserved = await caller.SendAsync("POST", "/v2/slots/reservations", "2024-09-04", body: $$"""{"eventTypeId":3928133,"slotStart":"{{slot}}"}""");
        var during = await FreeSlotsAsync(caller);
        var uid = (await SandboxClient.ReadAsync(reserved))["data"]!["reservationUid"];
        await caller.SendAsync("DELETE", $"/v2/slots/reservations/{uid}", "2024-09-04");

        Assert.Equal(HttpStatusCode.Created, reserved.StatusCode);
        Assert.DoesNotContain(slot, during);
        Assert.Contains(slot, await FreeSlotsAsync(caller));
    }

    [Theory]
    [InlineData("/v2/schedules", "2024-06-11", """{"name":"Evenings","timeZone":"UTC","isDefault":false}""", "name", "Evenings")]
    [InlineData("/v2/webhooks", null, """{"active":true,"subscriberUrl":"https://a.example","triggers":[]}""", "subscriberUrl", "https://a.example")]
    [InlineData("/v2/event-types/3928133/private-links", null, "{}", "eventTypeId", "3928133")]
    public async Task What_is_created_is_listed(string path, string? version, string body, string property, string value)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var created = await caller.SendAsync("POST", path, version, body: body);

        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        Assert.Contains((await caller.GetJsonAsync(path, version))["data"]!.AsArray(), item => item![property]!.ToString() == value);
    }

    private static async Task<string[]> SlugsAsync(SandboxClient caller, string path, string? key) =>
        [.. (await caller.GetJsonAsync(path, EventTypes, key))["data"]!.AsArray().Select(type => type!["slug"]!.ToString())];

    private static async Task<string[]> FreeSlotsAsync(SandboxClient caller)
    {
        var today = TimeProvider.System.GetUtcNow().Date;
        var json = await caller.GetJsonAsync($"/v2/slots?eventTypeId=3928133&start={today.AddDays(1):yyyy-MM-dd}&end={today.AddDays(8):yyyy-MM-dd}", "2024-09-04", key: null);
        return [.. json["data"]!.AsObject().SelectMany(day => day.Value!.AsArray()).Select(slot => slot!["start"]!.ToString())];
    }

    private static Task<HttpResponseMessage> BookAsync(SandboxClient caller, string start) => caller.SendAsync(
        "POST", "/v2/bookings", Bookings, null, $$"""{"eventTypeId":3928133,"start":"{{start}}","attendee":{"name":"Ada","email":"ada@example.com","timeZone":"UTC"} }""");
}
