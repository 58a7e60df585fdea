using CalGateway.Sandbox;
using CalGateway.Telemetry.Recent;
using CalGateway.Tests.Access;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Management;

/// <summary>The last fifteen minutes: what is counted, what is noted, and that it ends.</summary>
public sealed class RecentActivityTests
{
    [Fact]
    public async Task Every_route_has_its_traffic_and_what_met_none_is_counted_only_where_it_went_wrong()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var path in new[] { "/calcom/v2/event-types", "/calcom/v2/event-types", "/calcom/v2/event-types/999999", "/calcom/v2/bookings", "/healthz/live", "/nowhere" })
            (await pair.GetAsync(path)).Dispose();

        var status = await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == 5, "all are counted but the probe");
        var routes = status["routes"]!.AsArray().ToDictionary(route => (string)route!["route"]!, route => route!["traffic"]!);
        Assert.Equal((3, 1, 0.5), ((int)routes["event-types"]["requests"]!, (int)routes["event-types"]["problems"]!, (double)routes["event-types"]["hitRatio"]!));
        Assert.Equal((1, 0), ((int)routes["bookings"]["requests"]!, (int)routes["bookings"]["problems"]!));
        Assert.Equal(2, (int)status["traffic"]!["problems"]!);
        Assert.Equal(1, (int)status["routes"]!.AsArray().Single(route => (string?)route!["route"] == "event-types")!["stored"]!);
        Assert.Equal(3, (int)status["upstream"]!["requests"]!);
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(400, false)]
    [InlineData(404, false)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    public async Task A_refusal_of_Cal_coms_is_counted_as_an_answer_and_an_error_of_its_own_as_a_failure(int told, bool isFailure)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(told));
        (await pair.SendAsync("POST", "/calcom/v2/bookings", "{}")).Dispose();

        var upstream = (await pair.Gateway.StatusWhenAsync(status => (int)status["upstream"]!["requests"]! > 0, "it is counted"))["upstream"]!;
        Assert.Equal(isFailure, (int)upstream["failures"]! > 0);
        Assert.Equal(told, (int)upstream[isFailure ? "lastFailure" : "lastAnswer"]!["status"]!);
        Assert.Null(upstream[isFailure ? "lastAnswer" : "lastFailure"]);
    }

    [Fact]
    public async Task What_the_gateway_refuses_is_counted_as_a_problem_and_not_as_something_that_the_cache_could_have_answered()
    {
        await using var pair = await Pair.StartAsync(settings: AccessSettings.ApiKey(consumer => consumer["Operations"] = AccessSettings.List("GET /v2/event-types", "GET /v2/me")));
        async Task AskAsync(string path, string key) => (await pair.GetAsync(path, ("X-Api-Key", key))).Dispose();
        await AskAsync("/calcom/v2/event-types", AccessSettings.Key);
        await AskAsync("/calcom/v2/event-types", AccessSettings.Key);

        await AskAsync("/calcom/v2/event-types", AccessSettings.OtherKey); // 401
        await AskAsync("/calcom/v2/teams/7/event-types", AccessSettings.Key); // 403, on a route with a cache
        await AskAsync("/calcom/v2/event-types;x", AccessSettings.Key); // 400

        var traffic = (await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == 5, "all are counted"))["traffic"]!;
        Assert.Equal((3, 0.5), ((int)traffic["problems"]!, (double)traffic["hitRatio"]!));
        Assert.Equal(1, pair.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task An_edit_does_not_set_the_counts_back()
    {
        await using var pair = await Pair.StartAsync();
        (await pair.GetAsync("/calcom/v2/bookings")).Dispose();
        pair.Gateway.Edit(text => text.Replace("2024-08-13", "2026-02-25", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await pair.Gateway.StatusAsync())["history"]!.AsArray().Count == 2, "the edit is in force");
        (await pair.GetAsync("/calcom/v2/bookings")).Dispose();

        await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == 2, "both are counted");
    }

    [Fact]
    public async Task After_fifteen_minutes_it_is_forgotten()
    {
        await using var pair = await Pair.StartAsync();
        var activity = pair.Gateway.Services.GetRequiredService<RecentActivity>();
        (await pair.GetAsync("/calcom/v2/event-types")).Dispose();
        await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["requests"]! == 1, "it is counted");

        for (var bucket = 1; bucket < RecentActivity.Buckets; bucket++)
            activity.EndBucket();
        var status = await pair.Gateway.StatusAsync();
        Assert.Equal((1, 1), ((int)status["traffic"]!["requests"]!, (int)status["upstream"]!["requests"]!));

        activity.EndBucket();
        status = await pair.Gateway.StatusAsync();
        Assert.Equal((0, 0), ((int)status["traffic"]!["requests"]!, (int)status["upstream"]!["requests"]!));
        Assert.Null(status["upstream"]!["medianMilliseconds"]);
    }

    [Fact]
    public async Task A_bucket_takes_ten_seconds()
    {
        await using var scene = await CacheScene.OpenAsync();
        var activity = scene.Gateway.Services.GetRequiredService<RecentActivity>();
        await scene.GetAsync();
        await Eventually.TrueAsync(() => activity.Read().Routes.GetValueOrDefault("event-types")?[^1]?.Requests == 1, "it is counted");

        scene.Clock.Advance(RecentActivity.BucketLength);

        await Eventually.TrueAsync(() => activity.Read().Routes["event-types"] is [.., { Requests: 1 }, null], "a new bucket has begun");
    }

    [Fact]
    public async Task Problems_are_listed_once_with_their_last_trace_and_without_what_is_somebodys()
    {
        await using var pair = await Pair.StartAsync();
        (await pair.GetAsync("/calcom/v2/event-types/424242?email=who@example.com")).Dispose();
        (await pair.GetAsync("/calcom/v2/event-typos/jane.doe@example.com/9b2f?token=abc")).Dispose();
        using var last = await pair.GetAsync("/calcom/v2/event-types/434343");

        var status = await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["problems"]! == 3, "all are counted");
        var problems = status["problems"]!.AsArray();
        Assert.Equal(["GET /v2/event-types/{eventTypeId}", "GET /calcom/v2/event-typos/{…}/{…}"], problems.Select(problem => (string?)problem!["request"]));
        Assert.Equal(["resource-not-found", "unknown-endpoint"], problems.Select(problem => (string?)problem!["code"]));
        Assert.Equal((2, last.Headers.GetValues("X-Request-Id").Single()), ((int)problems[0]!["count"]!, (string?)problems[0]!["traceId"]));
    }

    [Fact]
    public async Task The_same_problem_after_an_edit_is_another_one()
    {
        await using var pair = await Pair.StartAsync();
        (await pair.GetAsync("/calcom/v2/event-types/424242")).Dispose();
        pair.Gateway.Edit(text => text.Replace("2024-08-13", "2026-02-25", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await pair.Gateway.StatusAsync())["history"]!.AsArray().Count == 2, "the edit is in force");
        (await pair.GetAsync("/calcom/v2/event-types/424242")).Dispose();

        var status = await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["problems"]! == 2, "both are counted");
        Assert.Equal(2, status["problems"]!.AsArray().Select(problem => (string?)problem!["revision"]).Distinct().Count());
    }

    [Fact]
    public async Task However_many_go_wrong_the_list_of_problems_stays_short()
    {
        await using var pair = await Pair.StartAsync();
        for (var word = 0; word < RecentProblems.MaxCount + 20; word++)
            (await pair.GetAsync($"/calcom/v2/event-typos/{(char)('a' + (word / 26))}{(char)('a' + (word % 26))}")).Dispose();
        for (var word = 0; word < 30; word++)
            (await pair.GetAsync($"/scan/{word}.php")).Dispose();

        var status = await pair.Gateway.StatusWhenAsync(status => (int)status["traffic"]!["problems"]! == RecentProblems.MaxCount + 50, "all are counted");
        var problems = status["problems"]!.AsArray();
        Assert.Equal(RecentProblems.MaxCount, problems.Count);
        Assert.Equal(("no-route", 30), ((string?)problems[0]!["code"], (int)problems[0]!["count"]!));
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    [InlineData(7.7)]
    [InlineData(123)]
    [InlineData(999)]
    [InlineData(31_000)]
    [InlineData(100_000)]
    public void A_duration_is_told_to_within_an_eighth(double milliseconds)
    {
        var counts = new int[LatencyScale.Slots];
        counts[LatencyScale.SlotOf(TimeSpan.FromMilliseconds(milliseconds))]++;

        var told = LatencyScale.Quantile(counts, 0.99)!.Value;
        Assert.InRange(told, (milliseconds * 0.875) - 0.13, (milliseconds * 1.125) + 0.13);
    }

    [Fact]
    public void Quantiles_are_of_all_that_was_counted_and_none_of_nothing()
    {
        var counts = new int[LatencyScale.Slots];
        Assert.Null(LatencyScale.Quantile(counts, 0.5));
        counts[LatencyScale.SlotOf(TimeSpan.FromMilliseconds(10))] = 98;
        counts[LatencyScale.SlotOf(TimeSpan.FromMilliseconds(1000))] = 2;
        counts[LatencyScale.SlotOf(TimeSpan.FromDays(1))] = 1;

        Assert.InRange(LatencyScale.Quantile(counts, 0.5)!.Value, 9, 11);
        Assert.InRange(LatencyScale.Quantile(counts, 0.99)!.Value, 900, 1100);
        Assert.InRange(LatencyScale.Quantile(counts, 1)!.Value, 200_000, 263_000);
    }
}
