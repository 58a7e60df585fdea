using System.Text.Json.Nodes;
using CalGateway.Diagnosis.Shadowing;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using static CalGateway.Tests.Diagnosis.Shadowing.ShadowScene;

namespace CalGateway.Tests.Diagnosis.Shadowing;

/// <summary><c>"Shadow"</c> beside a pin: reads are asked once more at another version, and the caller never notices.</summary>
public sealed class ShadowTests
{
    [Fact]
    public async Task Each_read_is_asked_once_more_at_the_other_version_with_the_same_words_and_the_differences_are_told()
    {
        await using var upstream = await VersionedUpstream.StartAsync(
            Other, """{"status":"success","data":[{"id":1,"lengthInMinutes":30,"host":{"id":7}}]}""", """{"status":"success","data":[{"id":1,"length":30,"host":7}]}""");
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();
        using var meter = new MeterRecorder(gateway);

        for (var time = 0; time < 5; time++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Bookings}?take=5&status=past");
            request.Headers.TryAddWithoutValidation("Accept-Language", "de");
            using var answer = await caller.SendAsync(request, Cancellation);
            Assert.Equal("""{"status":"success","data":[{"id":1,"length":30,"host":7}]}""", await answer.Content.ReadAsStringAsync(Cancellation));
            Assert.Equal([Pin], answer.Headers.GetValues("CalGateway-Api-Version"));
        }

        var shadow = await ShadowAsync(gateway, "bookings", 5);
        Assert.Equal((Other, 100, 5), ((string?)shadow["version"], (int)shadow["percent"]!, (int)shadow["outcomes"]!["breaking"]!));
        Assert.Equal(5, upstream.CountAt(Other));
        Assert.All(upstream.Requests, request => Assert.Equal(("GET", "/v2/bookings?take=5&status=past", "Bearer cal_test_the_gateways_own", "de"), (request.Method, request.Target, request.Authorization, request.Headers["Accept-Language"])));
        Assert.Equal(upstream.Requests.First().Headers.Keys.Order(), upstream.Requests.Last(request => request.Version == Other).Headers.Keys.Order());

        var operation = Assert.Single(shadow["operations"]!.AsArray())!;
        Assert.Equal(("GET /v2/bookings", 5), ((string?)operation["operation"], (int)operation["compared"]!));
        Assert.Equal(
            [("gone", "data[].length", 5), ("new", "data[].lengthInMinutes", 5)],
            operation["differences"]!.AsArray().Select(told => ((string)told!["kind"]!, (string)told["path"]!, (int)told["count"]!)).Where(told => told.Item2.Contains("length", StringComparison.Ordinal)));
        Assert.Contains(operation["differences"]!.AsArray(), told => (string?)told!["path"] == "data[].host" && (string?)told["kind"] == "retyped");
        Assert.Equal(5, meter.Sum("calgateway.shadow.comparisons outcome=breaking,calgateway.route=bookings"));
    }

    [Fact]
    public async Task Without_a_share_nothing_of_it_is_there_and_an_edit_brings_and_takes_it()
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, """{"data":[{"a":1}]}""", """{"data":[{"b":1}]}""");
        foreach (var without in new[] { "", $", \"Shadow\": \"{Other}\"", $", \"Shadow\": \"{Other}\", \"ShadowPercent\": \"0\"", $", \"Shadow\": \"{Other}\", \"ShadowPercent\": \"0.0\"" })
        {
            await using var gateway = await StartAsync(upstream, without);
            Assert.DoesNotContain(TransformsOf(gateway, "bookings"), transform => transform is ShadowTransform);
            using var caller = gateway.CreateClient();
            for (var time = 0; time < 20; time++)
                (await caller.GetAsync(Bookings, Cancellation)).Dispose();
            Assert.Equal(0, upstream.CountAt(Other));
        }

        await using var edited = await StartAsync(upstream, "");
        edited.Edit(text => text.Replace($"\"CalApiVersion\": \"{Pin}\"", $"\"CalApiVersion\": \"{Pin}\", \"Shadow\": \"{Other}\", \"ShadowPercent\": \"100\"", StringComparison.Ordinal));
        using var client = edited.CreateClient();
        await Eventually.TrueAsync(async () => { (await client.GetAsync(Bookings, Cancellation)).Dispose(); return upstream.CountAt(Other) > 0; }, "the edit is in force");
        Assert.Contains(TransformsOf(edited, "bookings"), transform => transform is ShadowTransform);

        edited.Edit(text => text.Replace("\"ShadowPercent\": \"100\"", "\"ShadowPercent\": \"0\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(() => !TransformsOf(edited, "bookings").Any(transform => transform is ShadowTransform), "the edit back is in force");
        await Eventually.TrueAsync(async () => (await ShadowAsync(edited, "bookings", 1))["outcomes"]!["breaking"] is not null, "what was counted is kept");
    }

    [Fact]
    public async Task A_share_is_kept_by_and_large()
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, """{"data":[{"a":1}]}""", """{"data":[{"a":1}]}""");
        await using var gateway = await StartAsync(upstream, percent: "25");
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 600; time++)
            (await caller.GetAsync(Bookings, Cancellation)).Dispose();

        // Where they come too fast, some of the share are skipped, which is counted as well.
        JsonNode? shadow = null;
        await Eventually.TrueAsync(
            async () => Total(shadow = await ShadowAsync(gateway, "bookings", 100)) - ((int?)shadow!["outcomes"]!["skipped"] ?? 0) == upstream.CountAt(Other), "all are counted");
        Assert.InRange(Total(shadow), 100, 200); // 150 are expected; 50 off is more than four standard deviations
    }

    [Fact]
    public async Task Of_a_cached_list_what_went_to_Cal_com_is_compared_and_what_is_stored_is_never_the_others()
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, """{"status":"success","data":[{"id":1,"a":1}]}""", """{"status":"success","data":[{"id":1,"b":1}]}""");
        await using var gateway = await StartAsync(upstream, everywhere: true);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 10; time++)
        {
            using var answer = await caller.GetAsync(EventTypes, Cancellation);
            Assert.Equal("""{"status":"success","data":[{"id":1,"b":1}]}""", await answer.Content.ReadAsStringAsync(Cancellation));
        }

        await ShadowAsync(gateway, "event-types", 1);
        using var hit = await caller.GetAsync(EventTypes, Cancellation);
        Assert.StartsWith("CalGateway; hit", hit.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.Equal((1, 1), (upstream.CountAt("2024-06-14"), upstream.CountAt(Other)));

        // Neither an edit of the share nor one of the version costs what is stored.
        gateway.Edit(text => text.Replace("\"ShadowPercent\": \"100\"", "\"ShadowPercent\": \"50\"", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (int)(await gateway.StatusAsync())["routes"]![0]!["shadow"]!["percent"]! == 50, "the edit is in force");
        using var after = await caller.GetAsync(EventTypes, Cancellation);
        Assert.StartsWith("CalGateway; hit", after.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal);
        Assert.Equal(1, upstream.CountAt("2024-06-14"));
    }
}
