using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Caching;
using CalGateway.Configuration;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Access;

/// <summary><c>Access:Consumers:&lt;name&gt;:Versions</c>: one caller gets a route at another version than the others do.</summary>
public sealed class ConsumerVersionTests
{
    private const string Pin = "2024-06-14";
    private const string Older = "2024-06-11";
    private const string Missing = "2024-08-13";
    private const string List = "/calcom/v2/event-types";
    private const string NewShape = "lengthInMinutes";
    private const string OldShape = "eventTypeGroups";

    private static readonly (string, string) Website = ("X-Api-Key", AccessSettings.Key);
    private static readonly (string, string) Desk = ("X-Api-Key", AccessSettings.OtherKey);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_consumer_gets_a_route_at_its_own_version_and_the_others_at_the_pin()
    {
        await using var pair = await Pair.StartAsync(settings: Settings(desk: Older));

        using var pinned = await pair.GetAsync(List, Website);
        using var own = await pair.GetAsync(List, Desk);
        using var other = await pair.GetAsync("/calcom/v2/schedules", Desk);

        Assert.Contains(NewShape, await pinned.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Contains(OldShape, await own.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal([Pin], pinned.Headers.GetValues("CalGateway-Api-Version"));
        Assert.Equal([Older], own.Headers.GetValues("CalGateway-Api-Version"));
        Assert.Equal([Older], other.Headers.GetValues("CalGateway-Api-Version")); // the pin of schedules
        Assert.False(own.Headers.Contains("CalGateway-Shape")); // the older shape is what was asked for
        Assert.Equal([Pin, Older, Older], pair.Sandbox.Requests.All.Select(asked => asked.Header("cal-api-version").Single()));
        await Eventually.TrueAsync(
            () => pair.Gateway.Spans.All.Any(span => (string?)span.GetTagItem("calcom.api_version") == Older && (string?)span.GetTagItem("calgateway.route") == "event-types"),
            "the span tells the version that was sent");
    }

    [Fact]
    public async Task Two_consumers_at_two_versions_interleaved_on_one_cached_list_never_get_the_others_shape()
    {
        await using var pair = await Pair.StartAsync(settings: Settings(desk: Older));
        var (hits, cache) = (0, pair.Gateway.Services.GetRequiredService<AnswerCache>());

        await Parallel.ForAsync(0, 1200, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (turn, cancellation) =>
        {
            var isDesk = turn % 2 == 1;
            var query = (turn / 2 % 3) switch { 0 => "", 1 => "?take=5", _ => "?take=5&skip=0" };
            using var answer = await pair.GetAsync(List + query, isDesk ? Desk : Website);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains(isDesk ? OldShape : NewShape, text, StringComparison.Ordinal);
            Assert.DoesNotContain(isDesk ? NewShape : OldShape, text, StringComparison.Ordinal);
            if (answer.Headers.GetValues("Cache-Status").Single().StartsWith("CalGateway; hit", StringComparison.Ordinal))
                Interlocked.Increment(ref hits);
            if (turn % 100 == 99)
                await cache.EvictAsync("event-types");
        });

        Assert.True(hits > 600, $"only {hits} hits");
        Assert.InRange(pair.Sandbox.Requests.All.Count, 6, 200);
    }

    [Fact]
    public async Task Consumers_at_the_same_version_share_what_is_stored_and_one_that_names_the_pin_shares_with_the_rest()
    {
        await using var pair = await Pair.StartAsync(settings: Settings(access =>
        {
            access["Consumers"]!["desk"]!["Versions"] = new JsonObject { ["event-types"] = Pin, ["bookings"] = "2024-04-15" };
        }));

        using var first = await pair.GetAsync(List, Website);
        using var second = await pair.GetAsync(List, Desk);
        using var third = await pair.GetAsync(List, Desk);

        Assert.All([second, third], answer => Assert.StartsWith("CalGateway; hit", answer.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal));
        Assert.Single(pair.Sandbox.Requests.All);
    }

    [Fact]
    public async Task After_an_edit_the_consumer_gets_the_other_version_and_nothing_that_was_stored_at_the_former()
    {
        await using var pair = await Pair.StartAsync(settings: Settings(desk: Older));
        for (var time = 0; time < 3; time++)
        {
            (await pair.GetAsync(List, Desk)).Dispose();
            (await pair.GetAsync(List, Website)).Dispose();
        }

        pair.Gateway.Edit(_ => Settings(desk: null));
        await InForceAsync(pair, OldShape, gone: true);
        using var moved = await pair.GetAsync(List, Desk);
        Assert.StartsWith("CalGateway; hit", moved.Headers.GetValues("Cache-Status").Single(), StringComparison.Ordinal); // what is stored for everybody
        Assert.Equal(2, pair.Sandbox.Requests.All.Count);

        pair.Gateway.Edit(_ => Settings(desk: "2024-04-15"));
        await InForceAsync(pair, OldShape, gone: false);
        Assert.Equal([Pin, Older, "2024-04-15"], pair.Sandbox.Requests.All.Select(asked => asked.Header("cal-api-version").Single()).Order(StringComparer.Ordinal).Reverse());
        using var website = await pair.GetAsync(List, Website);
        Assert.Contains(NewShape, await website.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_names_the_consumer_gets_its_version_and_a_key_in_the_mode_Loopback_does_too()
    {
        using var issuer = new TestIssuer();
        await using var byToken = await Pair.StartAsync(settings: Settings(access =>
        {
            access["Jwt"] = issuer.Section;
            access["Mode"] = "Jwt";
            access["Consumers"]!["desk"]!["Versions"] = new JsonObject { ["event-types"] = Older };
        }));
        using var named = await byToken.GetAsync(List, ("Authorization", "Bearer " + issuer.TokenOf("desk")));
        using var unnamed = await byToken.GetAsync(List, ("Authorization", "Bearer " + issuer.TokenOf("somebody")));
        Assert.Equal([Older], named.Headers.GetValues("CalGateway-Api-Version"));
        Assert.Equal([Pin], unnamed.Headers.GetValues("CalGateway-Api-Version"));

        await using var loopback = await Pair.StartAsync(settings: Settings(desk: Older).Replace("\"ApiKey\"", "\"Loopback\"", StringComparison.Ordinal));
        using var known = await loopback.GetAsync(List, Desk);
        using var nobody = await loopback.GetAsync(List);
        Assert.Equal([Older], known.Headers.GetValues("CalGateway-Api-Version"));
        Assert.Equal([Pin], nobody.Headers.GetValues("CalGateway-Api-Version"));
    }

    [Fact]
    public async Task A_callers_own_Cal_com_token_is_sent_at_the_consumers_version_and_stored_for_that_token_and_version()
    {
        var settings = Settings(desk: Older).ReplaceFirst($"\"CalApiVersion\":\"{Pin}\"}}", $"\"CalApiVersion\":\"{Pin}\"}},{{\"CalCredential\":\"Caller\"}}");
        await using var pair = await Pair.StartAsync(settings: settings);
        var token = ("Authorization", "Bearer " + pair.Sandbox.ApiKey);

        for (var time = 0; time < 2; time++)
        {
            using var desk = await pair.GetAsync(List, Desk, token);
            using var website = await pair.GetAsync(List, Website, token);
            Assert.Contains(OldShape, await desk.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.Contains(NewShape, await website.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal([Older, Pin], pair.Sandbox.Requests.All.Select(asked => asked.Header("cal-api-version").Single()));
    }

    [Theory]
    [InlineData(null, Older)] // none of its own: the consumer's
    [InlineData("2031-01-01", Older)] // unknown: the consumer's
    [InlineData("2024-09-04", Older)] // of slots alone
    [InlineData("2024-04-15", "2024-04-15")] // right: the caller's own stands
    [InlineData(Pin, Pin)] // right, and the pin
    [InlineData(Older, Older)]
    public async Task Where_a_route_lets_right_versions_of_callers_stand_they_stand_for_the_consumer_too(string? sent, string asked)
    {
        await using var pair = await Pair.StartAsync(settings: Settings(desk: Older).ReplaceFirst($"\"CalApiVersion\":\"{Pin}\"", $"\"CalApiVersion\":\"{Pin}\",\"Caller\":\"Known\""));
        (string, string)[] headers = sent is null ? [Desk] : [Desk, ("cal-api-version", sent)];

        for (var time = 0; time < 3; time++)
        {
            using var answer = await pair.GetAsync(List, headers);
            using var plain = await pair.GetAsync(List, Website);
            Assert.Contains(asked == Pin ? NewShape : OldShape, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            Assert.Contains(NewShape, await plain.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal(asked, pair.Sandbox.Requests.All[0].Header("cal-api-version").Single());
    }

    [Fact]
    public async Task A_miss_names_the_line_of_the_consumer_that_asks_also_where_several_share_one_answer()
    {
        foreach (var cached in new[] { true, false })
        {
            var settings = Settings(access =>
            {
                access["Consumers"]!["desk"]!["Versions"] = new JsonObject { ["event-types"] = Missing };
                access["Consumers"]!["website"]!["Versions"] = new JsonObject { ["event-types"] = Missing };
            });
            await using var pair = await Pair.StartAsync(settings: cached ? settings : settings.Replace("\"OutputCachePolicy\":\"event-types\",", "", StringComparison.Ordinal));

            // The second is told from the memory of the first.
            foreach (var (caller, name) in new[] { (Desk, "desk"), (Website, "website"), (Desk, "desk") })
            {
                using var answer = await pair.GetAsync(List, caller);
                var problem = await answer.ReadProblemAsync();
                Assert.Equal(("api-version-mismatch", Missing, Pin), ((string?)problem["code"], (string?)problem["sentVersion"], (string?)problem["suggestedVersion"]));
                Assert.Equal($"In yarp.json set CalGateway:Access:Consumers:{name}:Versions:event-types to \"{Pin}\"; it takes effect on save.", (string?)problem["remedy"]);
            }

            Assert.Single(pair.Sandbox.Requests.All, asked => asked.Header("cal-api-version").Single() == Missing);
        }
    }

    [Fact]
    public async Task A_miss_at_one_consumers_version_is_no_miss_for_others_and_is_confirmed_live_for_it()
    {
        await using var pair = await Pair.StartAsync(settings: Settings(desk: Missing));

        using var missed = await pair.GetAsync(List, Desk);
        using var fine = await pair.GetAsync(List, Website);
        Assert.Equal(HttpStatusCode.BadGateway, missed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);

        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await pair.GetAsync(List + "?take=1", Desk);
                return (int?)(await again.ReadProblemAsync())["confirmed"]?[Pin] == 200;
            },
            "Cal.com was asked live");
        var status = await pair.Gateway.StatusAsync();
        var concern = status["concerns"]!.AsArray().First(concern => (string?)concern!["code"] == "version-mismatch")!;
        Assert.Equal("Route event-types for desk asks at a version that Cal.com does not have", (string?)concern["title"]);
        Assert.Matches(@"^In yarp\.json:\d+ set the version of event-types for desk to ""2024-06-14""; it takes effect on save\.$", (string?)concern["remedy"]);
        Assert.Equal("desk", (string?)status["problems"]![0]!["consumer"]);
    }

    [Fact]
    public async Task A_silent_downgrade_is_told_with_the_consumers_line_and_never_stored()
    {
        await using var pair = await Pair.StartAsync(settings: Settings(desk: "2031-01-01").Replace("\"CalGateway\":{", "\"CalGateway\":{\"Diagnosis\":{\"Shape\":\"Enforce\"},", StringComparison.Ordinal));

        for (var time = 0; time < 2; time++)
        {
            using var answer = await pair.GetAsync(List, Desk);
            var problem = await answer.ReadProblemAsync();
            Assert.Equal(("shape-mismatch", "2031-01-01"), ((string?)problem["code"], (string?)problem["sentVersion"]));
            Assert.Equal($"In yarp.json set CalGateway:Access:Consumers:desk:Versions:event-types to \"{Pin}\"; it takes effect on save.", (string?)problem["remedy"]);
        }
    }

    [Fact]
    public async Task The_status_tells_who_is_at_what()
    {
        await using var pair = await Pair.StartAsync(settings: Settings(access =>
        {
            access["Consumers"]!["desk"]!["Versions"] = new JsonObject { ["event-types"] = Older, ["bookings"] = "2031-01-01" };
        }));
        var status = await pair.Gateway.StatusAsync();
        JsonNode? RouteOf(string name) => status["routes"]!.AsArray().Single(route => (string?)route!["route"] == name);

        var listed = Assert.Single(RouteOf("event-types")!["consumers"]!.AsArray());
        Assert.Equal(("desk", Older, "Older"), ((string?)listed!["consumer"], (string?)listed["apiVersion"], (string?)listed["pin"]!["standing"]));
        Assert.Equal("Doubted", (string?)Assert.Single(RouteOf("bookings")!["consumers"]!.AsArray())!["pin"]!["standing"]);
        Assert.Equal("Right", (string?)RouteOf("bookings")!["pin"]!["standing"]);
        Assert.Null(RouteOf("slots")!["consumers"]);
        Assert.Contains(status["concerns"]!.AsArray(), concern => (string?)concern!["code"] == "pin-doubted" && (string?)concern["title"] == "The version of bookings for desk is doubted");
        Assert.DoesNotContain(status["concerns"]!.AsArray(), concern => (string?)concern!["code"] == "settings-warning");
    }

    [Theory]
    [InlineData("bookins", "2024-08-13", "Consumer \"desk\" has a version for the route \"bookins\", and there is no such route; did you mean \"bookings\"?")]
    [InlineData("calendars-of-mine", "2024-08-13", "Consumer \"desk\" has a version for the route \"calendars-of-mine\", and there is no such route. There are \"")]
    [InlineData("unpinned", "2024-08-13", "Consumer \"desk\" has a version for the route \"unpinned\", which pins none, so that nothing would be sent.")]
    [InlineData("bookings", "next year", "\"bookings\" must be a version of Cal.com's API")]
    [InlineData("bookings", "", "\"bookings\" must be a version of Cal.com's API")]
    [InlineData("bookings", "999999999999999999999999999999999", "\"bookings\" must be a version of Cal.com's API")]
    public void What_cannot_be_meant_is_refused_with_its_line(string route, string version, string told)
    {
        var settings = Written($"\"{route}\": \"{version}\"");
        var error = Assert.Single(TestRevision.From(settings).Errors);

        Assert.StartsWith(told, error.Message, StringComparison.Ordinal);
        Assert.Equal(LineOf(settings, $"\"{route}\": \"{version}\""), error.Line);
    }

    [Theory]
    [InlineData("\"bookings\": 20240813", "2024-08-13")]
    [InlineData("\"bookings\": null", "null")]
    [InlineData("\"bookings\": [\"2024-08-13\"]", "a list")]
    [InlineData("\"bookings\": { \"Verison\": \"2024-08-13\" }", "\"Version\"")]
    [InlineData("\"bookings\": { \"Unverified\": true }", "lacks \"Version\"")]
    [InlineData("\"bookings\": \"2024-08-13\", \"Bookings\": \"2024-06-14\"", "Bookings")]
    public void What_is_written_in_another_form_is_refused_with_its_line(string member, string told)
    {
        var settings = Written(member);
        var error = TestRevision.From(settings).Errors.First();

        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Equal(LineOf(settings, member), error.Line);
    }

    [Theory]
    [InlineData("bookings", "2031-01-01", "Consumer \"desk\" on route \"bookings\": Cal.com does not know this version and will silently answer as 2024-04-15")]
    [InlineData("bookings", "2024-08-31", "Consumer \"desk\" on route \"bookings\": Cal.com does not know this version and will silently answer as 2024-04-15; did you mean 2024-08-13?")]
    [InlineData("Event-Types", Missing, "Consumer \"desk\" on route \"event-types\": Cal.com has no route of event-types at 2024-08-13")]
    public void A_doubted_version_is_warned_of_or_refused_as_a_pin_would_be_unless_it_is_acknowledged(string route, string version, string told)
    {
        var settings = Written($"\"{route}\": \"{version}\"");
        var warning = Assert.Single(TestRevision.From(settings).Findings);
        Assert.StartsWith(told, warning.Message, StringComparison.Ordinal);
        Assert.Equal((Severity.Warning, LineOf(settings, $"\"{version}\"")), (warning.Severity, warning.Line));
        Assert.DoesNotContain("beside it", warning.Message, StringComparison.Ordinal); // there is nothing to write it beside

        var enforced = settings.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Pins\": \"Enforce\",", StringComparison.Ordinal);
        Assert.Equal(Severity.Error, Assert.Single(TestRevision.From(enforced).Findings).Severity);

        var acknowledged = enforced.Replace($"\"{route}\": \"{version}\"", $"\"{route}\": {{ \"Version\": \"{version}\", \"Unverified\": true }}", StringComparison.Ordinal);
        Assert.Empty(TestRevision.From(acknowledged).Findings);
    }

    [Fact]
    public void What_the_route_acknowledges_is_acknowledged_for_the_same_version_and_no_other()
    {
        var settings = Written("\"bookings\": \"2031-01-01\"").Replace("{ \"CalApiVersion\": \"2024-08-13\" }", "{ \"CalApiVersion\": \"2031-01-01\", \"Unverified\": \"true\" }", StringComparison.Ordinal);
        Assert.Empty(TestRevision.From(settings).Findings);
        Assert.Single(TestRevision.From(settings.Replace("\"bookings\": \"2031-01-01\"", "\"bookings\": \"2032-01-01\"", StringComparison.Ordinal)).Findings);
    }

    [Fact]
    public void A_variable_can_say_it_and_is_named_where_it_is_wrong()
    {
        var settings = Written("\"bookings\": \"2024-08-13\"");
        var good = TestRevision.Factory(new() { ["CalGateway:Access:Consumers:desk:Versions:bookings"] = "2024-06-14" }).Create(System.Text.Encoding.UTF8.GetBytes(settings));
        var bad = TestRevision.Factory(new() { ["CalGateway:Access:Consumers:desk:Versions:bookins"] = "2024-06-14" }).Create(System.Text.Encoding.UTF8.GetBytes(settings));

        Assert.NotNull(good.Revision);
        Assert.Contains("CalGateway__Access__Consumers__desk__Versions__bookins", Assert.Single(bad.Errors).Message, StringComparison.Ordinal);
    }

    private static async Task InForceAsync(Pair pair, string shape, bool gone) => await Eventually.TrueAsync(
        async () =>
        {
            using var answer = await pair.GetAsync(List, Desk);
            return (await answer.Content.ReadAsStringAsync(Cancellation)).Contains(shape, StringComparison.Ordinal) != gone;
        },
        "the edit is in force");

    private static string Settings(string? desk) => Settings(access =>
    {
        if (desk is not null)
            access["Consumers"]!["desk"]!["Versions"] = new JsonObject { ["event-types"] = desk };
    });

    private static string Settings(Action<JsonObject> access) => AccessSettings.ApiKey(access: section =>
    {
        section["Consumers"]!["desk"] = AccessSettings.Consumer(AccessSettings.OtherKey);
        access(section);
    });

    /// <summary>A file with lines, whose consumer "desk" has these versions.</summary>
    private static string Written(string versions) => $$"""
        {
          "ReverseProxy": {
            "Routes": {
              "event-types": { "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14" }] },
              "bookings": { "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/bookings" }, "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-08-13" }] },
              "unpinned": { "ClusterId": "other", "Match": { "Path": "/other/{**rest}" } }
            },
            "Clusters": {
              "calcom": { "Destinations": { "api": { "Address": "https://api.cal.com" } } },
              "other": { "Destinations": { "a": { "Address": "http://localhost:9" } } }
            }
          },
          "CalGateway": {
            "Access": {
              "Consumers": {
                "desk": {
                  "Versions": {
                    {{versions}}
                  }
                }
              }
            }
          }
        }
        """;

    private static int LineOf(string settings, string text) => settings[..settings.LastIndexOf(text, StringComparison.Ordinal)].Split('\n').Length;
}
