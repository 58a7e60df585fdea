using CalGateway.Access.Operations;
using CalGateway.Catalogue;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests;

/// <summary>The repository's own yarp.json, as it ships.</summary>
public sealed class ShippedConfigurationTests
{
    private const string Booking = """{"start":"2050-01-03T10:00:00Z","eventTypeId":3928133,"attendee":{"name":"A","email":"a@example.com","timeZone":"UTC"}}""";

    [Theory]
    [InlineData("GET", "/v2/event-types", "2024-06-14")]
    [InlineData("GET", "/v2/event-types/3928133", "2024-06-14")]
    [InlineData("POST", "/v2/event-types", "2024-06-14")]
    [InlineData("GET", "/v2/teams/1/event-types", "2024-06-14")]
    [InlineData("GET", "/v2/organizations/1/teams/1/event-types", "2024-06-14")]
    [InlineData("GET", "/v2/event-types/3928133/private-links", "2024-04-15")]
    [InlineData("POST", "/v2/bookings", "2024-08-13")]
    [InlineData("GET", "/v2/bookings", "2024-08-13")]
    [InlineData("POST", "/v2/bookings/uid/cancel", "2024-08-13")]
    [InlineData("GET", "/v2/schedules", "2024-06-11")]
    [InlineData("GET", "/v2/schedules/default", "2024-06-11")]
    [InlineData("GET", "/v2/slots?eventTypeId=3928133&start=2050-01-03&end=2050-01-04", "2024-09-04")]
    [InlineData("POST", "/v2/slots/reservations", "2024-09-04")]
    [InlineData("GET", "/v2/slots/available", "2024-08-13")]
    [InlineData("POST", "/v2/slots/reserve", "2024-08-13")]
    [InlineData("DELETE", "/v2/slots/selected-slot", "2024-08-13")]
    [InlineData("GET", "/v2/slots/availability", "2024-09-04")]
    [InlineData("POST", "/v2/bookings/instant", "2024-06-14")]
    [InlineData("POST", "/v2/bookings/recurring", "2024-06-14")]
    [InlineData("GET", "/v2/bookings/instant", "2024-08-13")]
    [InlineData("POST", "/v2/bookings/uid/mark-no-show", "2024-06-14")]
    [InlineData("GET", "/v2/bookings/uid/reschedule", "2024-06-14")]
    [InlineData("HEAD", "/v2/bookings/uid/reschedule", "2024-06-14")]
    [InlineData("POST", "/v2/bookings/uid/reschedule", "2024-08-13")]
    [InlineData("GET", "/v2/event-types/owner/public", "2024-06-11")]
    [InlineData("GET", "/v2/event-types/owner/15min/public", "2024-06-11")]
    [InlineData("GET", "/v2/verified-resources/emails", "2024-04-15")]
    [InlineData("GET", "/v2/teams/1/verified-resources/emails", "2024-04-15")]
    [InlineData("GET", "/v2/organizations/1/teams/1/verified-resources/emails", "2024-04-15")]
    [InlineData("GET", "/v2/me", "2024-08-13")]
    [InlineData("GET", "/v2/webhooks", "2024-08-13")]
    [InlineData("GET", "/v2/teams", "2024-08-13")]
    public async Task Each_family_is_asked_at_its_own_version(string method, string path, string version)
    {
        // The organisation's are closed until somebody opens them.
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?>
        {
            ["CalGateway__Access__Allow__0"] = "GET /v2/organizations/{orgId}/teams/{teamId}/verified-resources/emails",
        });

        using var answer = await pair.SendAsync(method, "/calcom" + path, method == "POST" ? "{}" : null);

        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal((path, version), (asked.Target, asked.Header("cal-api-version").Single()));
        Assert.Equal([version], answer.Headers.GetValues("CalGateway-Api-Version"));
    }

    [Theory]
    [InlineData("GET", "/v2/event-types", 200, null)]
    [InlineData("POST", "/v2/bookings", 201, Booking)]
    [InlineData("GET", "/v2/bookings", 200, null)]
    [InlineData("GET", "/v2/schedules", 200, null)]
    [InlineData("GET", "/v2/slots?eventTypeId=3928133&start=2050-01-03&end=2050-01-04", 200, null)]
    [InlineData("GET", "/v2/me", 200, null)]
    [InlineData("GET", "/v2/webhooks", 200, null)]
    [InlineData("GET", "/v2/teams", 200, null)]
    public async Task Each_family_works(string method, string path, int status, string? body)
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.SendAsync(method, "/calcom" + path, body);

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)answer.StatusCode, text);
        Assert.Contains("\"success\"", text, StringComparison.Ordinal);
    }

    /// <summary>The whole catalogue, what is closed as well, for what no hand-written list would think of.</summary>
    [Fact]
    public async Task Every_operation_that_Cal_com_answers_at_some_version_is_asked_at_one_that_it_answers()
    {
        var closed = CalComCatalogue.Default.Operations.Where(operation => Exposures.WhyClosed(operation) is not null);
        await using var pair = await Pair.StartAsync(environment: closed
            .Select((operation, index) => KeyValuePair.Create($"CalGateway__Access__Allow__{index}", (string?)operation.ToString()))
            .ToDictionary());
        pair.Sandbox.Faults.Add(Fault.Status(200, body: "{}"));
        var wrong = new List<string>();

        foreach (var operation in CalComCatalogue.Default.Operations)
        {
            var path = System.Text.RegularExpressions.Regex.Replace(operation.Template, "{[^}]*}", "1");
            pair.Sandbox.Requests.Clear();
            using var answer = await pair.SendAsync(operation.Method, "/calcom" + path, operation.Method is "POST" or "PUT" or "PATCH" ? "{}" : null);
            var version = Assert.Single(pair.Sandbox.Requests.All).Header("cal-api-version").Single();
            if (!operation.Answers(version) || operation.LegacyVersions.Contains(version))
                wrong.Add($"{operation} at {version}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task It_starts_without_a_warning()
    {
        await using var pair = await Pair.StartAsync();

        Assert.DoesNotContain(pair.Gateway.Logs.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
        Assert.True(GatewayFixture.ShippedSettings.Split('\n').Length < 100, "yarp.json is to be short enough to read whole");
    }
}
