using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;
using static CalGateway.Tests.Access.ConsumerVersions.ConsumerVersionScene;

namespace CalGateway.Tests.Access.ConsumerVersions;

/// <summary>A consumer's version that Cal.com does not answer at, or not as asked, is told with the consumer's line.</summary>
public sealed class MissedVersionTests
{
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
}
