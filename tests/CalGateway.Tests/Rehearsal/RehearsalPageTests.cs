using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Rehearsal;

/// <summary>Rehearsing on the management listener, while the gateway serves.</summary>
public sealed class RehearsalPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rehearsal_runs_behind_the_answer_and_its_report_is_kept()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        using var begun = await client.PostAsync("/rehearsal?route=event-types&version=2024-04-15", null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        var report = await OverAsync(client);

        Assert.Equal(("event-types", "2024-04-15", "breaking"), ((string?)report["route"], (string?)report["version"], (string?)report["verdict"]));
        Assert.StartsWith("breaking: event-types at 2024-04-15", (string?)report["text"], StringComparison.Ordinal);
        Assert.All(pair.Sandbox.Requests.All, request => Assert.Equal("GET", request.Method));
        Assert.Single(pair.Gateway.Logs.Lines, line => line.Text.StartsWith("Rehearsed event-types at 2024-04-15: breaking", StringComparison.Ordinal));
    }

    [Fact]
    public async Task There_is_one_rehearsal_at_a_time()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        pair.Sandbox.Faults.Add(Fault.Hang());

        using var first = await client.PostAsync("/rehearsal?route=event-types&version=2024-04-15", null, Cancellation);
        using var second = await client.PostAsync("/rehearsal?route=bookings&version=2026-02-25", null, Cancellation);
        pair.Sandbox.Faults.Clear();

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Conflict), (first.StatusCode, second.StatusCode));
        await OverAsync(client);
        using var third = await client.PostAsync("/rehearsal?route=bookings&version=2026-02-25", null, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, third.StatusCode);
        Assert.Equal("safe", (string?)(await OverAsync(client))["verdict"]);
    }

    [Fact]
    public async Task While_the_circuit_is_open_nothing_is_sent()
    {
        await using var pair = await Pair.StartAsync(environment: new Dictionary<string, string?> { ["CalGateway__Upstream__Circuit__BreakDuration"] = "00:05:00" });
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        pair.Sandbox.Faults.Add(Fault.Status(500));
        for (var time = 0; time < 10; time++)
            (await pair.GetAsync("/calcom/v2/me")).Dispose();
        var arrived = pair.Sandbox.Requests.Count;

        (await client.PostAsync("/rehearsal?route=bookings&version=2026-02-25", null, Cancellation)).Dispose();
        var report = await OverAsync(client);

        Assert.Equal("not comparable", (string?)report["verdict"]);
        Assert.Contains("Nothing was compared: Cal.com fails or is busy, and is left to callers.", (string?)report["text"], StringComparison.Ordinal);
        Assert.Equal(arrived, pair.Sandbox.Requests.Count);
    }

    [Theory]
    [InlineData("/rehearsal", HttpStatusCode.BadRequest)]
    [InlineData("/rehearsal?route=bookings", HttpStatusCode.BadRequest)]
    [InlineData("/rehearsal?route=bookings&version=2024%2008", HttpStatusCode.BadRequest)]
    [InlineData("/rehearsal?route=nowhere&version=2024-04-15", HttpStatusCode.NotFound)]
    public async Task What_cannot_be_rehearsed_is_refused(string target, HttpStatusCode status)
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        using var answer = await client.PostAsync(target, null, Cancellation);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(0, pair.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task A_foreign_page_begins_none()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/rehearsal?route=bookings&version=2024-04-15");
        request.Headers.Add("Origin", "http://localhost:3000");

        using var answer = await client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(0, pair.Sandbox.Requests.Count);
    }

    private static async Task<JsonNode> OverAsync(HttpClient client)
    {
        JsonNode? told = null;
        await Eventually.TrueAsync(
            async () =>
            {
                told = JsonNode.Parse(await client.GetStringAsync("/rehearsal", Cancellation))!;
                return told["underWay"] is null && told["reports"]!.AsArray().Count > 0;
            }, "the rehearsal is over", TimeSpan.FromSeconds(30));
        return told!["reports"]![0]!;
    }
}
