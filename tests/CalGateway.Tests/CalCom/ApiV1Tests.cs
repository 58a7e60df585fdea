using System.Net;
using System.Text.RegularExpressions;
using CalGateway.Catalogue;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.Logging;

namespace CalGateway.Tests.CalCom;

public sealed partial class ApiV1Tests
{
    private const string CallersKey = "cal_live_the_callers";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/calcom/v1/event-types")]
    [InlineData("/calcom/v1/event-types?take=1")]
    [InlineData($"/calcom/v1/event-types?apiKey={CallersKey}&take=1")]
    [InlineData($"/calcom/v1/event-types?take=1&APIKEY={CallersKey}&api%4Bey={CallersKey}&apiKey[]={CallersKey}")]
    public async Task The_gateways_key_and_no_other_arrives_in_the_query_and_is_seen_nowhere_else(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { V1Works = true }, Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox, adjust: builder => builder.Logging.SetMinimumLevel(LogLevel.Trace));
        using var caller = gateway.CreateClient();

        using var answer = await caller.GetAsync(path, Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("event_types", body, StringComparison.Ordinal);
        var arrived = Assert.Single(sandbox.Requests.All);
        Assert.EndsWith($"apiKey={sandbox.ApiKey}", arrived.Query, StringComparison.Ordinal);
        Assert.DoesNotContain(CallersKey, arrived.Query, StringComparison.Ordinal);
        Assert.Equal(path.Contains("take", StringComparison.Ordinal), arrived.Query.Contains("take=1", StringComparison.Ordinal));
        Assert.Empty(arrived.Header("Authorization"));

        var trace = Assert.Single(answer.Headers.GetValues("X-Request-Id"));
        await Eventually.TrueAsync(() => gateway.Spans.Of(trace).Count >= 2, "the spans of the request have ended");
        var spans = gateway.Spans.Of(trace).SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Append(span.DisplayName));
        var seen = string.Join('\n', [.. spans, .. gateway.Logs.Lines.Select(line => line.Text), answer.Headers.ToString(), body]);
        Assert.DoesNotContain(sandbox.ApiKey, seen, StringComparison.Ordinal);
        Assert.DoesNotContain("apiKey=", string.Join('\n', spans), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("DELETE", "/calcom/v1/bookings/42", "POST /v2/bookings/{bookingUid}/cancel", "cancellationReason")]
    [InlineData("POST", "/calcom/v1/event-types", "POST /v2/event-types", "length is lengthInMinutes")]
    [InlineData("GET", "/calcom/v1/EVENT-TYPES/", "GET /v2/event-types", "length is lengthInMinutes")]
    [InlineData("GET", "/calcom/v1/users", null, "GET /v2/me")]
    [InlineData("GET", "/calcom/v1/made-up", null, "API v2 reference")]
    [InlineData("DELETE", "/calcom/v1/bookings?id=42&cancellationReason=x", "POST /v2/bookings/{bookingUid}/cancel", "id in the query is the uid")]
    [InlineData("GET", "/calcom/v1/slots/available?eventTypeId=1", "GET /v2/slots", "startTime is start")]
    [InlineData("PATCH", "/calcom/v1/bookings/42/confirm", "POST /v2/bookings/{bookingUid}/confirm", "uid")]
    [InlineData("POST", "/calcom/v1/no-show", "POST /v2/bookings/{bookingUid}/mark-absent", "attendees")]
    [InlineData("GET", "/calcom/v1/bookings/42/refund", null, "This gateway's list of API v1 does not have the call")]
    public async Task Where_v1_is_gone_the_problem_names_the_call_to_use(string method, string path, string? instead, string change)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        using var answer = await caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Equal("api-v1-gone", (string?)problem["code"]);
        Assert.Equal(410, (int?)problem["upstream"]!["status"]);
        if (instead is not null)
            Assert.Equal([instead], problem["didYouMean"]!.AsArray().Select(call => (string?)call));
        Assert.Contains(change, (string?)problem["remedy"], StringComparison.Ordinal);
    }

    /// <summary>The table is read when the first v1 call comes; that is no time to find a fault in it.</summary>
    [Fact]
    public void Every_call_that_the_table_names_is_in_the_catalogue_and_every_v1_call_is_there_once()
    {
        var named = ApiV1Calls.Default.All
            .SelectMany(call => NamedCalls().Matches(call.Changes))
            .Select(match => (Method: match.Groups[1].Value, Path: match.Groups[2].Value))
            .ToList();

        Assert.InRange(ApiV1Calls.Default.All.Count, 80, 200);
        Assert.NotEmpty(named);
        Assert.All(named, call => Assert.NotNull(CalComCatalogue.Default.Find(call.Method, call.Path)));
        Assert.All(ApiV1Calls.Default.All, call => Assert.True(ApiV1Calls.Owns(call.Template), call.Template));
        Assert.All(ApiV1Calls.Default.All, call => Assert.False(string.IsNullOrWhiteSpace(call.Changes), call.Template));
        Assert.Equal(ApiV1Calls.Default.All.Count, ApiV1Calls.Default.All.DistinctBy(call => (call.Method, ApiV1Calls.Default.Find(call.Method, call.Template))).Count());
        Assert.All(ApiV1Calls.Default.All.Where(call => call.Operation is { Unconfirmed: true }), call => Assert.Contains("published reference", call.Changes, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", "/calcom/v1/api-keys")]
    [InlineData("POST", "/calcom/v1/api-keys")]
    [InlineData("DELETE", "/calcom/v1/api-keys/1")]
    [InlineData("POST", "/calcom/v1/users")]
    [InlineData("DELETE", "/calcom/v1/users/7")]
    public async Task What_only_the_owner_should_do_is_closed_in_v1_as_well(string method, string path)
    {
        await using var pair = await Pair.StartAsync(new SandboxOptions { V1Works = true });

        using var answer = await pair.SendAsync(method, path, null);

        Assert.Equal("not-exposed", (string?)(await answer.ReadProblemAsync())["code"]);
        Assert.Equal(0, pair.Sandbox.Requests.Count);
    }

    [GeneratedRegex(@"\b(GET|POST|PUT|PATCH|DELETE) (/v2/[\w/{}-]+)")]
    private static partial Regex NamedCalls();

    [Fact]
    public async Task A_key_that_upstream_says_back_goes_no_further()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { V1Works = true }, Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();
        var address = $"https://elsewhere.example/v1/event-types?apiKey={sandbox.ApiKey}";
        sandbox.Faults.Add(Fault.Status(301, times: 1, body: "moved", headers: new Dictionary<string, string> { ["Location"] = address }));
        sandbox.Faults.Add(Fault.Status(500, times: 1, body: $"failed at {address}", contentType: "text/plain"));
        sandbox.Faults.Add(Fault.Status(500, times: 1, body: "failed", contentType: "text/plain"));
        sandbox.Faults.Add(Fault.Status(404, times: 1, body: $"Cannot GET {address}", contentType: "text/plain"));

        using var redirect = await caller.GetAsync("/calcom/v1/event-types", Cancellation);
        using var echo = await caller.GetAsync("/calcom/v1/event-types", Cancellation);
        using var plain = await caller.GetAsync("/calcom/v1/event-types", Cancellation);
        using var missing = await caller.GetAsync("/calcom/v1/event-types", Cancellation);

        Assert.Null(redirect.Headers.Location);
        Assert.Equal("upstream-invalid", (string?)(await echo.ReadProblemAsync())["code"]);
        Assert.Equal("failed", await plain.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("unrecognised-not-found", (string?)(await missing.ReadProblemAsync())["code"]);
    }

    [Theory]
    [InlineData("POST", "/calcom/v1/webhooks")]
    [InlineData("DELETE", "/calcom/v1/teams/7")]
    [InlineData("PATCH", "/calcom/v1/teams/7")]
    public async Task A_call_of_v1_opens_no_more_than_the_call_of_v2_that_does_the_same(string method, string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { V1Works = true }, Cancellation);
        await using var gateway = await GatewayFixture.StartAsync(sandbox);
        using var caller = gateway.CreateClient();

        using var v1 = await caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path), Cancellation);
        var arrived = sandbox.Requests.Count;
        using var v2 = await caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path.Replace("v1", "v2", StringComparison.Ordinal)), Cancellation);

        Assert.Equal(v2.StatusCode == HttpStatusCode.Forbidden, v1.StatusCode == HttpStatusCode.Forbidden);
        Assert.Equal(v1.StatusCode == HttpStatusCode.Forbidden ? 0 : 1, arrived);
    }

    [Fact]
    public void Every_call_of_v1_leads_to_one_that_the_catalogue_knows() =>
        Assert.All(ApiV1Calls.Default.All, call =>
        {
            Assert.StartsWith("/v1/", call.Template, StringComparison.Ordinal);
            Assert.NotEmpty(call.Changes);
            Assert.Same(call, ApiV1Calls.Default.Find(call.Method, call.Template.Replace("{id}", "42", StringComparison.Ordinal)));
        });
}
