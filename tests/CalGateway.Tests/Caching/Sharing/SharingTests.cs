using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalGateway.Caching;
using CalGateway.Caching.Plans;
using CalGateway.Configuration;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using static CalGateway.Tests.Caching.Sharing.SharedScene;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>Alone, for Redis is given up after a tenth of a second, and on a machine that is busy with other tests that may be over before it had its turn.</summary>
[Collection(RunsAlone.Name)]
public sealed class SharingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_gateway_has_stored_another_need_not_ask_for()
    {
        await using var scene = await SharedScene.OpenAsync();

        var (query, stored) = await scene.ShareAsync();
        scene.Sandbox.Requests.Clear();
        var shared = await GetAsync(scene.Other, query);

        Assert.StartsWith("CalGateway; hit; ttl=", shared.CacheStatus, StringComparison.Ordinal);
        Assert.Equal((stored.Text, stored["ETag"], stored["Content-Type"]), (shared.Text, shared["ETag"], shared["Content-Type"]));
        Assert.Empty(scene.Sandbox.Requests.All);
    }

    [Fact]
    public async Task An_eviction_on_one_is_a_miss_on_the_other()
    {
        await using var scene = await SharedScene.OpenAsync();
        await GetAsync(scene.One);
        await GetAsync(scene.Other);

        await scene.One.Services.GetRequiredService<AnswerCache>().EvictAsync("event-types");
        await Eventually.TrueAsync(
            () => scene.Other.Services.GetRequiredService<AnswerCache>().Report().Entries == 0, "the other has heard of it");
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await GetAsync(scene.Other)).CacheStatus);

        using var caller = scene.One.CreateClient();
        using var rename = new StringContent("""{"title":"Renamed"}""", Encoding.UTF8, "application/json");
        (await caller.PatchAsync(CacheScene.List + "/3928133", rename, Cancellation)).EnsureSuccessStatusCode();
        await Eventually.TrueAsync(async () => (await GetAsync(scene.Other)).Titles.Contains("Renamed"), "the other has the new title");
    }

    [Fact]
    public async Task What_was_evicted_is_not_believed_though_Redis_has_lost_the_index_of_its_tags()
    {
        await using var scene = await SharedScene.OpenAsync();
        var (query, _) = await scene.ShareAsync();

        await scene.Redis.LoseAsync("calgateway:__MSOCT_event-types");
        await RenameAsync(scene.One, "Renamed");

        Assert.Single(await scene.Redis.ValuesAsync());
        Assert.Contains("Renamed", (await GetAsync(scene.One, query)).Titles);
    }

    [Fact]
    public async Task What_was_evicted_while_its_policy_had_other_tags_is_not_believed_when_the_former_ones_are_back()
    {
        await using var scene = await SharedScene.OpenAsync();
        var (query, _) = await scene.ShareAsync();

        await EditTagsAsync(scene.One, "lists");
        await RenameAsync(scene.One, "Renamed");
        await EditTagsAsync(scene.One);

        Assert.Contains("Renamed", (await GetAsync(scene.One, query)).Titles);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_evicts_on_the_other_gateway_though_only_one_of_them_has_the_edited_tags_yet(bool isTheWriter)
    {
        await using var scene = await SharedScene.OpenAsync();
        await GetAsync(scene.Other);
        await EditTagsAsync(isTheWriter ? scene.One : scene.Other, "lists");
        Assert.StartsWith("CalGateway; hit", (await GetAsync(scene.Other)).CacheStatus, StringComparison.Ordinal);

        await RenameAsync(scene.One, "Renamed");

        await Eventually.TrueAsync(async () => (await GetAsync(scene.Other)).Titles.Contains("Renamed"), "the other has the new title");
    }

    [Fact]
    public async Task Through_two_gateways_nobody_reads_an_older_title_after_his_own_rename_was_answered()
    {
        await using var scene = await SharedScene.OpenAsync();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var readers = new[] { scene.One, scene.Other, scene.One, scene.Other }.Select(async gateway =>
        {
            for (; !over.IsCancellationRequested;)
                Assert.Equal(HttpStatusCode.OK, (await GetAsync(gateway)).Status);
        }).ToList();

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var number = 1; number <= 20; number++)
        {
            var (writer, listener) = number % 2 == 0 ? (scene.One, scene.Other) : (scene.Other, scene.One);
            await RenameAsync(writer, $"Title {number}");
            foreach (var _ in Enumerable.Range(0, 5))
                Assert.Contains($"Title {number}", (await GetAsync(writer)).Titles);
            await Eventually.TrueAsync(async () => (await GetAsync(listener)).Titles.Contains($"Title {number}"), "the other has it");
            await pace.WaitForNextTickAsync(Cancellation);
        }

        await over.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task A_write_whose_outcome_nobody_knows_has_every_gateway_ask_anew_and_keep_what_it_has()
    {
        await using var scene = await SharedScene.OpenAsync();
        await GetAsync(scene.One);
        await GetAsync(scene.Other);

        scene.Sandbox.Faults.Add(Fault.Status(503));
        await PatchAsync(scene.One, "Renamed");

        Assert.StartsWith("CalGateway; fwd=stale; fwd-status=503", (await GetAsync(scene.One)).CacheStatus, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () => (await GetAsync(scene.Other)).CacheStatus.StartsWith("CalGateway; fwd=stale; fwd-status=503", StringComparison.Ordinal), "the other has heard of it");
    }

    [Fact]
    public async Task A_refused_credential_is_not_covered_by_what_lies_in_Redis()
    {
        await using var scene = await SharedScene.OpenAsync();
        var hasty = await scene.JoinAsync(new Dictionary<string, string?>
        {
            ["CalGateway__Cache__FailureMemory"] = "00:00:00",
            ["CalGateway__Cache__Policies__event-types__Fresh"] = "00:00:01",
        });
        var (query, _) = await scene.ShareAsync(hasty);

        scene.Sandbox.Faults.Add(Fault.Status(401, body: """{"status":"error","error":{"code":"UnauthorizedException","message":"ApiAuthStrategy - Invalid API Key"}}"""));
        await Eventually.TrueAsync(async () => (await GetAsync(hasty, query)).Status == HttpStatusCode.BadGateway, "Cal.com refuses the key");

        foreach (var _ in Enumerable.Range(0, 5))
            Assert.Equal(HttpStatusCode.BadGateway, (await GetAsync(hasty, query)).Status);
    }

    [Fact]
    public async Task Who_demands_Cal_coms_own_answer_is_not_given_another_gateways()
    {
        await using var scene = await SharedScene.OpenAsync();
        var (query, _) = await scene.ShareAsync();
        scene.Sandbox.Requests.Clear();

        using var caller = scene.Other.CreateClient();
        caller.DefaultRequestHeaders.Add("Cache-Control", "no-cache");
        using var answer = await caller.GetAsync(CacheScene.List + query, Cancellation);

        Assert.Single(scene.Sandbox.Requests.All);
    }

    [Fact]
    public async Task What_comes_from_the_future_counts_as_stale()
    {
        await using var scene = await SharedScene.OpenAsync();
        var (query, _) = await scene.ShareAsync();

        var clock = new WallClock();
        clock.Set(TimeSpan.FromHours(-1));
        var other = await scene.JoinAsync(adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));

        Assert.StartsWith("CalGateway; hit; ttl=-", (await GetAsync(other, query)).CacheStatus, StringComparison.Ordinal);
        await Eventually.TrueAsync(async () => !(await GetAsync(other, query)).CacheStatus.Contains("ttl=-", StringComparison.Ordinal), "Cal.com has been asked");
    }

    private static async Task EditTagsAsync(GatewayFixture gateway, params string[] tags)
    {
        gateway.Edit(text =>
        {
            var settings = JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!;
            settings["CalGateway"]!["Cache"] = tags.Length == 0 ? new JsonObject() : new JsonObject
            {
                ["Policies"] = new JsonObject { ["event-types"] = new JsonObject { ["Tags"] = new JsonArray([.. tags.Select(tag => (JsonNode)tag)]) } },
            };
            return settings.ToJsonString();
        });
        var revisions = gateway.Services.GetRequiredService<Revisions>();
        await Eventually.TrueAsync(
            () => (revisions.Current.Options<CacheOptions>().Find("event-types")!.Tags ?? []).SequenceEqual(tags), "the edit is in force");
    }
}
