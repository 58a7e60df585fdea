using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Sandbox;
using CalGateway.Tests.Diagnosis.Shadowing;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis.Drift;

/// <summary>Cal.com changes its answers at an unchanged version.</summary>
public sealed class DriftTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/calcom/v2/event-types?turn=", "event-types", "lengthInMinutes", "duration", "data[].lengthInMinutes is gone; data[].duration (number) is new: likely renamed")]
    [InlineData("/calcom/v2/bookings?turn=", "bookings", "startsAt", "start", null)]
    [InlineData("/calcom/v2/me?turn=", "rest", "timeZone", "zone", "data.timeZone is gone; data.zone (string) is new: likely renamed")]
    public async Task A_field_that_is_renamed_under_way_is_a_concern_until_it_is_as_before(string path, string route, string field, string renamed, string? says)
    {
        await using var pair = await Pair.StartAsync();
        using var caller = pair.Gateway.CreateClient();
        using var meters = new MeterRecorder(pair.Gateway);
        var turn = 0;
        await AskAsync(caller, path, 30, () => turn++);
        Assert.Empty(await ConcernsAsync(pair));

        pair.Sandbox.Faults.Add(Fault.RenameField(field, renamed));
        if (says is null)
        {
            await AskAsync(caller, path, 30, () => turn++);
            Assert.Empty(await ConcernsAsync(pair));
            return;
        }

        await Eventually.TrueAsync(
            async () =>
            {
                await AskAsync(caller, path, 1, () => turn++);
                return (await ConcernsAsync(pair)).Count == 1;
            }, "the concern is there", Patience);
        var concern = Assert.Single(await ConcernsAsync(pair));
        Assert.Equal(("Warning", route), ((string?)concern["level"], (string?)concern["route"]));
        Assert.StartsWith($"{route} answers changed on 20", (string?)concern["title"], StringComparison.Ordinal);
        Assert.Contains($"at an unchanged version: {says}", (string?)concern["title"], StringComparison.Ordinal);
        Assert.Single(pair.Gateway.Logs.Lines, line => line.Text.Contains($"{route} answers changed at an unchanged version", StringComparison.Ordinal));

        Assert.Equal(1, meters.Sum($"calgateway.shape.changes calgateway.route={route}"));

        pair.Sandbox.Faults.Clear();
        await Eventually.TrueAsync(
            async () =>
            {
                await AskAsync(caller, path, 1, () => turn++);
                return (await ConcernsAsync(pair)).Count == 0;
            }, "the concern is over", Patience);
    }

    [Fact]
    public async Task On_a_cached_list_it_is_told_as_soon_as_the_list_is_fetched_and_so_is_its_end()
    {
        await using var pair = await Pair.StartAsync();
        using var caller = pair.Gateway.CreateClient();
        using var operators = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        for (var time = 0; time < 20; time++)
            await FetchAsync();

        foreach (var isChanged in new[] { true, false })
        {
            pair.Sandbox.Faults.Clear();
            if (isChanged)
                pair.Sandbox.Faults.Add(Fault.RenameField("lengthInMinutes", "duration"));
            await FetchAsync();
            await Eventually.TrueAsync(
                async () =>
                {
                    await AskAsync(caller, "/calcom/v2/event-types", 1, static () => null);
                    return (await ConcernsAsync(pair)).Count == (isChanged ? 1 : 0);
                }, isChanged ? "the concern is there" : "the concern is over", TimeSpan.FromSeconds(20));
        }

        Assert.InRange(pair.Sandbox.Requests.Count, 20, 35);
        var before = pair.Sandbox.Requests.Count;
        await AskAsync(caller, "/calcom/v2/event-types", 20, static () => null);
        Assert.InRange(pair.Sandbox.Requests.Count, before, before + 1); // the cache works as ever

        async Task FetchAsync()
        {
            using var evicted = await operators.PostAsync("/cache/evict?tag=event-types", null, Cancellation);
            Assert.True(evicted.IsSuccessStatusCode);
            await AskAsync(caller, "/calcom/v2/event-types", 1, static () => null);
        }
    }

    [Fact]
    public async Task An_edit_of_the_version_or_the_switch_ends_the_concern()
    {
        await using var pair = await Pair.StartAsync();
        using var caller = pair.Gateway.CreateClient();
        var turn = 0;
        await AskAsync(caller, "/calcom/v2/bookings?turn=", 30, () => turn++);
        pair.Sandbox.Faults.Add(Fault.RenameField("start", "begin"));
        await Eventually.TrueAsync(
            async () =>
            {
                await AskAsync(caller, "/calcom/v2/bookings?turn=", 1, () => turn++);
                return (await ConcernsAsync(pair)).Count == 1;
            }, "the concern is there", Patience);

        pair.Gateway.Edit(text => text.Replace("\"CalGateway\": {", "\"CalGateway\": { \"Diagnosis\": { \"Drift\": false },", StringComparison.Ordinal));

        await Eventually.TrueAsync(async () => (await ConcernsAsync(pair)).Count == 0, "the concern is over");
    }

    [Fact]
    public async Task An_answer_is_learned_from_its_beginning_where_it_is_longer_than_what_is_read()
    {
        var field = "title";
        await using var upstream = await VersionedUpstream.StartAsync((context, _) =>
            context.SayAsync($$"""{"data":[{{string.Join(',', Enumerable.Range(0, 4000).Select(id => $$"""{"id":{{id}},"{{field}}":"a title of some length, so that the list gets long"}"""))}}]}"""));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        await AskAsync(caller, "/calcom/v2/bookings?turn=", 10, () => 1);

        field = "name";
        await AskAsync(caller, "/calcom/v2/bookings?turn=", 5, () => 1);

        await Eventually.TrueAsync(() => gateway.Logs.Lines.Any(line => line.Text.Contains("data[].title is gone", StringComparison.Ordinal)), "the change is told");
    }

    [Fact]
    public async Task What_is_looked_at_passes_byte_for_byte()
    {
        await using var pair = await Pair.StartAsync();
        using var caller = pair.Gateway.CreateClient();
        using var direct = new HttpClient { BaseAddress = pair.Sandbox.BaseAddress };
        direct.DefaultRequestHeaders.Add("Authorization", $"Bearer {pair.Sandbox.ApiKey}");
        direct.DefaultRequestHeaders.Add("cal-api-version", "2024-08-13");

        Assert.Equal(await direct.GetStringAsync("/v2/bookings", Cancellation), await caller.GetStringAsync("/calcom/v2/bookings", Cancellation));
    }

    private static async Task AskAsync(HttpClient caller, string path, int times, Func<int?> turn)
    {
        for (var time = 0; time < times; time++)
        {
            using var answer = await caller.GetAsync(path + turn(), Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task<List<JsonNode>> ConcernsAsync(Pair pair)
    {
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        var status = JsonNode.Parse(await client.GetStringAsync("/status", Cancellation))!;
        return [.. status["concerns"]!.AsArray().Where(concern => (string?)concern!["code"] == "shape-changed").Select(concern => concern!)];
    }
}
