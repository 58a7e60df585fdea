using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using static CalGateway.Tests.Access.ConsumerVersions.ConsumerVersionScene;

namespace CalGateway.Tests.Access.ConsumerVersions;

/// <summary><c>Access:Consumers:&lt;name&gt;:Versions</c>: one caller gets a route at another version than the others do.</summary>
public sealed class ServedVersionTests
{
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
}
