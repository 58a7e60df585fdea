using System.Globalization;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Rehearsal;

/// <summary>Where there is nothing to compare, or Cal.com does not let it be compared.</summary>
public sealed class NotComparableTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{\"status\":\"success\",\"data\":[]}", "its answers hold no data")]
    [InlineData("<html>no</html>", "is no JSON")]
    [InlineData("{\"status\":\"success\",\"data\":[{\"id\":1},{\"i", "breaks off")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", "breaks off")]
    public async Task What_cannot_be_compared_is_told_with_the_reason(string body, string why)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.Status(200, body: body, contentType: "application/json"));
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync("schedules", "2024-04-15");

        Assert.Equal(3, exit);
        Assert.StartsWith("not comparable: schedules at 2024-04-15", text, StringComparison.Ordinal);
        Assert.Contains(why, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "Cal.com does not accept the key (401)", 1)]
    [InlineData(403, "answered 403 at 2024-06-14", 9)]
    [InlineData(500, "Cal.com fails with 500", 2)]
    [InlineData(429, "the quota of the key is used up", 1)]
    public async Task A_key_without_rights_and_a_Cal_com_that_fails_are_told_and_not_pressed(int status, string why, int most)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.Status(status));
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync("event-types", "2024-04-15");

        Assert.Equal(3, exit);
        Assert.Contains(why, text, StringComparison.Ordinal);
        Assert.InRange(sandbox.Requests.Count, 1, most);
        Assert.Equal(status == 403, text.Contains(": /v2/event-types, which has the ids to ask it for, answered 403", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_compared_before_Cal_com_failed_stays_and_what_was_not_is_said()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.Status(503).For("GET", "/v2/event-types/{eventTypeId}"));
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync("event-types", "2024-04-15");

        Assert.Equal(1, exit);
        Assert.Contains("data[].lengthInMinutes (number) is gone", text, StringComparison.Ordinal);
        Assert.Contains("Not all was compared: Cal.com fails with 503.", text, StringComparison.Ordinal);
        Assert.Contains("GET /v2/event-types/{eventTypeId}: Cal.com fails with 503", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_left_of_the_quota_for_callers_is_not_used()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        sandbox.Faults.Add(Fault.Status(200, body: "{\"status\":\"success\",\"data\":[{\"id\":1}]}", contentType: "application/json", headers: new Dictionary<string, string>
        {
            ["X-RateLimit-Limit-Default"] = "120", ["X-RateLimit-Remaining-Default"] = "15", ["X-RateLimit-Reset-Default"] = "60",
        }));
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync("event-types", "2024-04-15");

        Assert.Equal(3, exit);
        Assert.Contains("only 15 requests are left of the key's quota, and those are for the callers", text, StringComparison.Ordinal);
        Assert.Contains("1 request to Cal.com", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_answers_of_ten_megabytes_the_beginning_is_compared()
    {
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            var isOther = exchange.Head.Contains("2024-04-15", StringComparison.Ordinal);
            var item = $"{{\"id\":7,\"{(isOther ? "length" : "lengthInMinutes")}\":15,\"text\":\"{new string('x', 1000)}\"}}";
            var body = $"{{\"status\":\"success\",\"data\":[{string.Join(',', Enumerable.Repeat(item, 10_000))}]}}";
            await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\nConnection: close\r\n\r\n{body}");
        });
        using var rehearsed = new Rehearsed(upstream.Address);

        var (exit, text, _) = await rehearsed.RunAsync("schedules", "2024-04-15");

        Assert.Equal(1, exit);
        Assert.Contains("data[].lengthInMinutes (number) is gone; data[].length (number) is new: likely renamed", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("v1", "it pins no version")]
    [InlineData("components", "it matches by more than path and method")]
    public async Task A_route_that_cannot_be_rehearsed_says_why(string route, string why)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: Cancellation);
        using var rehearsed = new Rehearsed(sandbox.BaseAddress);

        var (exit, text, _) = await rehearsed.RunAsync(route, "2024-04-15");

        Assert.Equal(3, exit);
        Assert.Contains(why, text, StringComparison.Ordinal);
        Assert.Equal(0, sandbox.Requests.Count);
    }

    [Fact]
    public async Task Without_a_key_or_with_a_file_that_would_be_refused_nothing_is_asked()
    {
        using var keyless = new Rehearsed(new Uri("http://127.0.0.1:9"), credential: null);
        using var broken = new Rehearsed(new Uri("http://127.0.0.1:9"), settings: "{");

        Assert.Equal(3, (await keyless.RunAsync("bookings", "2024-04-15")).Exit);
        var (exit, text, _) = await broken.RunAsync("bookings", "2024-04-15");
        Assert.Equal(3, exit);
        Assert.Contains("calgateway check", text, StringComparison.Ordinal);
    }
}
