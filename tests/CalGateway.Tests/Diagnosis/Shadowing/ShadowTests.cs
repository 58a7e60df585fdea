using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using CalGateway.Configuration;
using CalGateway.Diagnosis.Shadowing;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy;

namespace CalGateway.Tests.Diagnosis.Shadowing;

/// <summary><c>"Shadow"</c> beside a pin: reads are asked once more at another version, and the caller never notices.</summary>
public sealed class ShadowTests
{
    private const string Pin = "2024-08-13";
    private const string Other = "2026-02-25";
    private const string Bookings = "/calcom/v2/bookings";
    private const string EventTypes = "/calcom/v2/event-types";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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

    [Theory]
    [InlineData("POST", "/calcom/v2/bookings")]
    [InlineData("PATCH", "/calcom/v2/me")]
    [InlineData("DELETE", "/calcom/v2/schedules/1")]
    [InlineData("HEAD", "/calcom/v2/bookings")]
    [InlineData("GET", "/calcom/v2/stripe/save?code=1&state=2")]
    [InlineData("GET", "/calcom/v2/calendars/google/save?code=1")]
    [InlineData("GET", "/calcom/v2/a-read-that-nobody-knows")]
    public async Task Nothing_is_asked_twice_that_may_change_something(string method, string path)
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, """{"data":{"a":1}}""", """{"data":{"a":1}}""");
        await using var gateway = await StartAsync(upstream, everywhere: true);
        using var caller = gateway.CreateClient();

        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await caller.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        (await caller.GetAsync("/calcom/v2/me", Cancellation)).Dispose();

        await Eventually.TrueAsync(() => upstream.CountAt(Other) == 1, "the read behind it is asked once more");
        Assert.Equal("/v2/me", upstream.Requests.Single(request => request.Version == Other).Target);
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

    [Theory]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":1},{"id":2,"a":1}]}""", "data")] // one was added between the two
    [InlineData("""{"data":[{"id":1,"a":null}]}""", """{"data":[{"id":2,"a":"x"}]}""", "data")] // another one, whose field is filled
    [InlineData("""{"data":[{"id":1},{"id":2}]}""", """{"data":[{"id":2},{"id":1}]}""", "data")]
    [InlineData("""{"data":[{"id":1,"state":"accepted"}]}""", """{"data":[{"id":1,"state":"cancelled"}]}""", "data")]
    [InlineData("""{"data":[{"id":1,"title":"one"}]}""", """{"data":[{"id":1,"title":"Two words, 2"}]}""", "same")]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":1,"b":2}]}""", "safe")]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":"1"}]}""", "breaking")]
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":[{"id":1,"a":1},{"id":2}]}""", "data")] // what came lacks something optional
    [InlineData("""{"data":[{"id":1,"a":1}]}""", """{"data":{"items":[{"id":1,"a":1}]}}""", "breaking")]
    [InlineData("""{"data":[]}""", """{"data":[]}""", "not-comparable")]
    [InlineData("""{"data":[{"id":1}]}""", "<html>no JSON</html>", "not-comparable")]
    [InlineData("""{"data":[{"id":1}]}""", """{"data":[{"id":1}""", "not-comparable")]
    [InlineData("""{"data":[{"id":1}]}""", "", "not-comparable")]
    public async Task Data_that_changed_between_the_two_reads_is_told_from_a_structure_that_differs(string pinned, string other, string outcome)
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, other, pinned);
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        (await caller.GetAsync(Bookings, Cancellation)).Dispose();

        Assert.Equal(outcome, Assert.Single((await ShadowAsync(gateway, "bookings", 1))["outcomes"]!.AsObject()).Key);
    }

    [Theory]
    [InlineData(500, "{}", "failed")]
    [InlineData(503, "{}", "failed")]
    [InlineData(400, """{"status":"error","error":{"code":"BadRequestException","message":"no"}}""", "breaking")]
    [InlineData(404, """{"status":"error","error":{"code":"NotFoundException","message":"Cannot GET /v2/bookings"}}""", "route-miss")]
    [InlineData(404, """{"status":"error","error":{"code":"NotFoundException","message":"No such booking"}}""", "breaking")]
    [InlineData(204, "", "not-comparable")]
    public async Task What_goes_wrong_at_the_other_version_is_counted_and_concerns_nobody_else(int status, string body, string outcome)
    {
        await using var upstream = await VersionedUpstream.StartAsync((context, version) => version == Other
            ? status == 204 ? NoContent(context) : context.SayAsync(body, status)
            : context.SayAsync("""{"data":[{"id":1}]}"""));
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 40; time++) // more than open a circuit
        {
            using var answer = await caller.GetAsync(Bookings, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var shadow = await ShadowAsync(gateway, "bookings", 40);
        Assert.Contains(outcome, shadow["outcomes"]!.AsObject().Select(counted => counted.Key));
        var told = await gateway.StatusAsync();
        Assert.DoesNotContain(told["concerns"]!.AsArray(), concern => ((string)concern!["code"]!).StartsWith("upstream", StringComparison.Ordinal));
        Assert.Empty(told["problems"]!.AsArray());

        static Task NoContent(HttpContext context)
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_version_that_nobody_knows_is_a_silent_downgrade_and_one_that_the_operation_lacks_a_route_miss()
    {
        foreach (var (version, outcome) in new[] { ("2031-01-01", "silent-downgrade"), ("2024-08-13", "route-miss") })
        {
            var settings = GatewayFixture.ShippedSettings.Replace(
                "\"CalApiVersion\": \"2024-06-14\"", $"\"CalApiVersion\": \"2024-06-14\", \"Shadow\": \"{version}\", \"ShadowPercent\": \"100\"", StringComparison.Ordinal);
            await using var pair = await Pair.StartAsync(settings: settings);
            (await pair.GetAsync(EventTypes)).Dispose();

            Assert.Equal(outcome, Assert.Single((await ShadowAsync(pair.Gateway, "event-types", 1))["outcomes"]!.AsObject()).Key);
            Assert.Contains((await pair.Gateway.StatusAsync())["warnings"]!.AsArray(), warning => ((string)warning!).Contains("Shadow of route \"event-types\"", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Answers_of_ten_megabytes_are_compared_by_their_beginning_and_reach_the_caller_whole()
    {
        var item = """{"id":1,"a":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},""";
        var large = $$"""{"data":[{{string.Concat(Enumerable.Repeat(item, 10_000_000 / item.Length))}}{"id":2}]}""";
        await using var upstream = await VersionedUpstream.StartAsync(Other, large.Replace("\"a\"", "\"b\"", StringComparison.Ordinal), large);
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 3; time++)
            Assert.Equal(large.Length, (await caller.GetByteArrayAsync(Bookings, Cancellation)).Length);

        var shadow = await ShadowAsync(gateway, "bookings", 3);
        Assert.Equal(3, (int)shadow["outcomes"]!["breaking"]!);
        Assert.Contains("\"path\":\"data[].a\"", shadow.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_hangs_up_or_an_answer_that_breaks_off_is_not_compared_and_takes_no_place_for_good()
    {
        using var toBreak = new SemaphoreSlim(0);
        var never = new TaskCompletionSource();
        await using var upstream = await VersionedUpstream.StartAsync(async (context, version) =>
        {
            if (version == Other || !context.Request.QueryString.HasValue)
            {
                await context.SayAsync("""{"data":[{"id":1}]}""");
                return;
            }

            await context.SayAsync($"{{\"data\":[{{\"start\":\"{new string('x', 600)}\"");
            await context.Response.Body.FlushAsync();
            await (context.Request.Query.ContainsKey("break") ? toBreak.WaitAsync(context.RequestAborted) : never.Task.WaitAsync(context.RequestAborted));
            context.Abort();
        });
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 40; time++) // more than there are places for samples
        {
            (await caller.GetAsync(Bookings + "?hangs=up", HttpCompletionOption.ResponseHeadersRead, Cancellation)).Dispose();
            using var broken = await caller.GetAsync(Bookings + "?break=off", HttpCompletionOption.ResponseHeadersRead, Cancellation);
            toBreak.Release();
            await Assert.ThrowsAnyAsync<Exception>(() => broken.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal(0, upstream.CountAt(Other));
        await Eventually.TrueAsync(
            async () =>
            {
                (await caller.GetAsync(Bookings, Cancellation)).Dispose();
                return (await ShadowAsync(gateway, "bookings", 1))["outcomes"]!["same"] is not null;
            }, "there is a place again");
    }

    [Fact]
    public async Task Where_the_quota_is_nearly_gone_it_stops()
    {
        var left = 120; // nobody else uses the key
        await using var upstream = await VersionedUpstream.StartAsync((context, _) =>
        {
            context.Response.Headers["X-RateLimit-Limit-Default"] = "120";
            context.Response.Headers["X-RateLimit-Remaining-Default"] = Interlocked.Decrement(ref left).ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["X-RateLimit-Reset-Default"] = "60";
            return context.SayAsync("""{"data":[{"id":1}]}""");
        });
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();

        for (var time = 0; time < 58; time++)
        {
            using var answer = await caller.GetAsync(Bookings, Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{time}, {left} left: {await answer.Content.ReadAsStringAsync(Cancellation)}");
        }

        var shadow = await ShadowAsync(gateway, "bookings", 58);
        Assert.True((int)shadow["outcomes"]!["same"]! >= 10, shadow.ToJsonString());
        Assert.True((int)shadow["outcomes"]!["skipped"]! >= 8, shadow.ToJsonString());
        Assert.InRange(left, 13, 32); // callers go on with what is kept for them
    }

    [Fact]
    public async Task Consumers_and_callers_at_other_versions_are_not_compared()
    {
        await using var upstream = await VersionedUpstream.StartAsync(Other, """{"data":[{"a":1}]}""", """{"data":[{"a":1}]}""");
        var settings = Settings($", \"Caller\": \"Known\", \"Shadow\": \"{Other}\", \"ShadowPercent\": \"100\"", "")
            .Replace("\"CalGateway\": {", $$"""
                "CalGateway": { "Access": { "Consumers": { "desk": { "Keys": ["{{CalGateway.Access.Callers.KeyHash.Of(Access.AccessSettings.Key)}}"], "Versions": { "bookings": "2024-06-14" } } } },
                """, StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, settings: settings);
        using var caller = gateway.CreateClient();

        await AskAsync(("X-Api-Key", Access.AccessSettings.Key));
        await AskAsync(("cal-api-version", "2024-04-15"));
        await AskAsync(("cal-api-version", Other));
        await AskAsync(("cal-api-version", Pin));

        await ShadowAsync(gateway, "bookings", 1);
        Assert.Equal(["2024-06-14", "2024-04-15", Other, Pin, Other], upstream.Requests.Select(request => request.Version));

        async Task AskAsync((string Name, string Value) header)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Bookings);
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
            (await caller.SendAsync(request, Cancellation)).Dispose();
        }
    }

    [Fact]
    public async Task No_value_of_an_answer_is_in_what_is_told()
    {
        const string Secret = "quite-a-secret-value";
        var answer = $$"""{"data":[{"id":"{{Secret}}","email":"{{Secret}}@example.com","metadata":{"colour":"{{Secret}}"},"slots":{"2026-12-01":["{{Secret}}"]},"n":424242}]}""";
        await using var upstream = await VersionedUpstream.StartAsync(Other, answer.Replace("\"email\"", "\"mail\"", StringComparison.Ordinal).Replace(Secret, "another-" + Secret, StringComparison.Ordinal), answer);
        await using var gateway = await StartAsync(upstream);
        using var caller = gateway.CreateClient();
        (await caller.GetAsync(Bookings, Cancellation)).Dispose();
        await ShadowAsync(gateway, "bookings", 1);

        using var operators = new HttpClient { BaseAddress = gateway.ManagementAddress };
        foreach (var path in new[] { "/status", "/metrics", "/config", $"/explain?path={Bookings}" })
        {
            var text = await operators.GetStringAsync(path, Cancellation);
            Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain("424242", text, StringComparison.Ordinal);
        }

        Assert.Contains(gateway.Logs.Lines, line => line.Text.Contains("data[].email (string) is gone", StringComparison.Ordinal));
        Assert.DoesNotContain(gateway.Logs.Lines, line => line.Text.Contains(Secret, StringComparison.Ordinal));
        Assert.All(gateway.Spans.All, span => Assert.DoesNotContain(span.TagObjects, tag => tag.Value?.ToString()?.Contains(Secret, StringComparison.Ordinal) == true));
    }

    private static Task<GatewayFixture> StartAsync(VersionedUpstream upstream, string? shadow = null, string percent = "100", bool everywhere = false)
    {
        var members = shadow ?? $", \"Shadow\": \"{Other}\", \"ShadowPercent\": \"{percent}\"";
        return GatewayFixture.StartAsync(upstream.Address, settings: Settings(members, everywhere ? members : ""));
    }

    private static string Settings(string ofBookings, string ofOthers) => $$"""
        {
          "ReverseProxy": {
            "Routes": {
              "event-types": {
                "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}" }, "OutputCachePolicy": "event-types",
                "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14"{{ofOthers}} }]
              },
              "bookings": { "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/bookings/{**rest}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "{{Pin}}"{{ofBookings}} }] },
              "rest": { "ClusterId": "calcom", "Match": { "Path": "/calcom/{**rest}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "{{Pin}}"{{ofOthers}} }] }
            },
            "Clusters": { "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } } }
          },
          "CalGateway": {
            "Diagnosis": { "Confirm": false }
          }
        }
        """;

    /// <summary>What <c>/status</c> tells of a route's shadow, once so many reads are counted.</summary>
    private static async Task<JsonNode> ShadowAsync(GatewayFixture gateway, string route, int counted)
    {
        JsonNode? shadow = null;
        await Eventually.TrueAsync(
            async () => Total(shadow = (await gateway.StatusAsync())["routes"]!.AsArray().Single(told => (string?)told!["route"] == route)!["shadow"]) >= counted,
            () => $"{counted} are counted: {shadow?.ToJsonString()}");
        return shadow!;
    }

    private static int Total(JsonNode? shadow) => shadow?["outcomes"]?.AsObject().Sum(outcome => (int)outcome.Value!) ?? 0;

    /// <summary>YARP does not show them.</summary>
    private static IEnumerable<object> TransformsOf(GatewayFixture gateway, string route)
    {
        Assert.True(gateway.Services.GetRequiredService<IProxyStateLookup>().TryGetRoute(route, out var model));
        var transformer = model!.Transformer;
        return (IEnumerable<object>)transformer.GetType().GetProperty("ResponseTransforms", BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)!.GetValue(transformer)!;
    }
}
