using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis;

/// <summary>Which of the four kinds a 404 of Cal.com's is found to be.</summary>
public sealed class NotFoundTests
{
    [Theory]
    [InlineData("/calcom/v2/event-types/999999", "resource-not-found")]
    [InlineData("/calcom/v2/bookings/no-such-uid", "resource-not-found")]
    [InlineData("/calcom/v2/event-typos", "unknown-endpoint")]
    [InlineData("/calcom/event-types", "unknown-endpoint")]
    [InlineData("/calcom", "unknown-endpoint")]
    [InlineData("/calcom/", "unknown-endpoint")]
    [InlineData("/calcom/_sandbox/requests", "unknown-endpoint")]
    public async Task A_404_is_told_apart_by_what_Cal_com_says(string path, string code)
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync(path);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal((502, code), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.Equal(404, (int?)problem["upstream"]!["status"]);
        Assert.Equal($"CalGateway; received-status=404; details=\"{code}\"", answer.Headers.GetValues("Proxy-Status").Single());
    }

    [Theory]
    [InlineData("event-types", "2024-06-14", "2024-08-13", "/calcom/v2/event-types", "2024-06-14")]
    [InlineData("schedules", "2024-06-11", "2024-08-13", "/calcom/v2/schedules", "2024-06-11")]
    [InlineData("slots", "2024-09-04", "2024-06-14", "/calcom/v2/slots?eventTypeId=1", "2024-09-04")]
    public async Task A_wrong_pin_is_told_with_the_route_and_the_version_to_write(string route, string right, string wrong, string path, string suggested)
    {
        var settings = GatewayFixture.ShippedSettings.Replace($"{{ \"CalApiVersion\": \"{right}\" }}", $"{{ \"CalApiVersion\": \"{wrong}\" }}", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: settings);

        using var answer = await pair.GetAsync(path);
        var problem = await answer.ReadProblemAsync();
        Assert.Equal("api-version-mismatch", (string?)problem["code"]);
        Assert.Equal((wrong, suggested, route), ((string?)problem["sentVersion"], (string?)problem["suggestedVersion"], (string?)problem["route"]));
        Assert.Contains($"yarp.json set ReverseProxy:Routes:{route}:Transforms CalApiVersion to \"{suggested}\"", (string?)problem["remedy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_near_miss_is_told_what_was_meant()
    {
        await using var pair = await Pair.StartAsync();

        var typo = await pair.Caller.GetFromJsonProblemAsync("/calcom/v2/event-typos?secret=1");
        var prefix = await pair.Caller.GetFromJsonProblemAsync("/calcom/event-types");
        using var method = await pair.SendAsync("PUT", "/calcom/v2/event-types", "{}");

        Assert.Contains("GET /v2/event-types", typo["didYouMean"]!.AsArray().Select(item => (string?)item));
        Assert.Equal("Ask for /calcom/v2/event-types.", (string?)prefix["remedy"]);
        Assert.Contains("not for PUT", (string?)(await method.ReadProblemAsync())["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RouteMiss", "/calcom/v2/event-types/999999", 404)]
    [InlineData("RouteMiss", "/calcom/v2/event-types/3928133/nonsense", 502)]
    [InlineData("None", "/calcom/v2/event-types/999999", 404)]
    [InlineData("None", "/calcom/v2/event-types/3928133/nonsense", 404)]
    [InlineData("All", "/calcom/v2/event-types/999999", 502)]
    public async Task CalNotFound_says_which_404s_are_diagnosed(string mode, string path, int status)
    {
        await using var pair = await Pair.StartAsync(settings: With(mode));

        using var answer = await pair.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 404)
        {
            Assert.Contains("\"NotFoundException\"", body, StringComparison.Ordinal);
            Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
            Assert.False(answer.Headers.Contains("Proxy-Status"));
        }
    }

    [Fact]
    public async Task An_honest_404_passes_whole_however_long_it_is()
    {
        var body = "{\"status\":\"error\",\"error\":{\"code\":\"NotFoundException\",\"message\":\"" + new string('x', 200_000) + "\"}}";
        await using var pair = await Pair.StartAsync(settings: With("RouteMiss"));
        pair.Sandbox.Faults.Add(Fault.Status(404, body: body));

        using var answer = await pair.GetAsync("/calcom/v2/event-types/999999");

        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Equal(body.Length, answer.Content.Headers.ContentLength);
        Assert.Equal(body, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/calcom/v2/event-types/999999", "resource-not-found")]
    [InlineData("/calcom/v2/event-typos", "unknown-endpoint")]
    [InlineData("/calcom/v2/schedules", "api-version-mismatch")]
    public async Task A_HEAD_is_diagnosed_like_its_GET_and_gets_the_headers_alone(string path, string code)
    {
        var settings = GatewayFixture.ShippedSettings.Replace("2024-06-11", "2024-08-13", StringComparison.Ordinal);
        await using var pair = await Pair.StartAsync(settings: settings);

        var raw = await pair.AskRawAsync($"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 502", raw, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", raw, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json\r\n", raw, StringComparison.Ordinal);
        Assert.Contains($"Proxy-Status: CalGateway; received-status=404; details=\"{code}\"\r\n", raw, StringComparison.Ordinal);
    }

    /// <summary>The shipped settings with <c>CalNotFound</c> on the route event-types.</summary>
    private static string With(string mode)
    {
        const string pin = "{ \"CalApiVersion\": \"2024-06-14\" }";
        return GatewayFixture.ShippedSettings.Replace(pin, $"{pin}, {{ \"CalNotFound\": \"{mode}\" }}", StringComparison.Ordinal);
    }
}
