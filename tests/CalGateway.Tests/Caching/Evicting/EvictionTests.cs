using System.Net;
using System.Text;
using CalGateway.Caching;
using CalGateway.Caching.Store.Evicting;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching.Evicting;

public sealed class EvictionTests
{
    private const string One = CacheScene.List + "/3928133";

    [Theory]
    [InlineData("PATCH", "/calcom/v2/event-types/3928133")]
    [InlineData("PATCH", "/calcom/v2/event-types/3928133/")]
    [InlineData("PATCH", "/calcom/V2/Event-Types/3928133")]
    [InlineData("PATCH", "/calcom/v2/event%2Dtypes/3928133")]
    [InlineData("PATCH", "/calcom/api/v2/event-types/3928133")]
    [InlineData("POST", "/calcom/v2/teams/7/event-types")]
    [InlineData("DELETE", "/calcom/v2/teams/7/event-types/3928140")]
    [InlineData("PATCH", "/calcom/v2/atoms/event-types/3928133")]
    [InlineData("POST", "/calcom/v2/event-types/3928133/private-links")]
    [InlineData("PATCH", "/calcom/v2/me")]
    [InlineData("PATCH", "/calcom/v2/organizations/1/teams/7/event-types/3928140")]
    [InlineData("PATCH", "/calcom/v2/organizations/1/Teams/7/Event-Types/3928140/")]
    public async Task A_write_that_could_show_in_the_lists_evicts_them(string method, string path)
    {
        await using var scene = await CacheScene.OpenAsync(environment: new Dictionary<string, string?>
        {
            ["CalGateway__Access__Allow__0"] = "PATCH /v2/organizations/{orgId}/teams/{teamId}/event-types/{eventTypeId}",
        });
        await scene.GetAsync();
        await scene.GetAsync("/calcom/v2/teams/7/event-types");
        scene.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""").For(method, null));

        Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(new HttpMethod(method), path, "{}")).Status);

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync("/calcom/v2/teams/7/event-types")).CacheStatus);
    }

    [Fact]
    public async Task A_write_by_a_path_with_empty_segments_reaches_Cal_com_no_more_than_it_evicts()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();

        var written = await scene.WriteAsync(HttpMethod.Patch, "/calcom//v2//event-types//3928133", """{"title":"Renamed"}""");

        Assert.Equal(HttpStatusCode.BadRequest, written.Status);
        Assert.Single(scene.Sandbox.Requests.All);
    }

    [Theory]
    [InlineData("POST", "/calcom/v2/bookings", 201)]
    [InlineData("PATCH", "/calcom/v2/event-types/3928133", 400)]
    public async Task A_write_elsewhere_or_one_that_was_refused_evicts_nothing(string method, string path, int status)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Status(status).For(method, null));

        await scene.WriteAsync(new HttpMethod(method), path, "{}");

        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Fact]
    public async Task A_write_about_a_thing_that_is_not_there_evicts_nothing_though_its_answer_is_a_502()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();

        Assert.Equal(HttpStatusCode.BadGateway, (await scene.WriteAsync(HttpMethod.Patch, CacheScene.List + "/999999", """{"title":"Renamed"}""")).Status);

        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Fact]
    public async Task A_write_that_was_answered_here_and_never_sent_has_nothing_asked_for_anew()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        using var write = new HttpRequestMessage(HttpMethod.Post, CacheScene.List) { Content = new StringContent("{}", Encoding.UTF8, "application/json") };

        Assert.Equal(HttpStatusCode.GatewayTimeout, (await scene.SendAsync(write, ("Cache-Control", "only-if-cached"))).Status);

        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
        Assert.Single(scene.Sandbox.Requests.All);
    }

    [Fact]
    public async Task A_write_whose_caller_hangs_up_has_the_list_asked_for_anew()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Hang().For("PATCH", null));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var body = new StringContent("""{"title":"Renamed"}""");

        var write = scene.Caller.PatchAsync(One, body, patience.Token);
        await Eventually.TrueAsync(() => scene.Sandbox.Requests.All.Any(request => request.Method == "PATCH"), "Cal.com has the write");
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);

        await Eventually.TrueAsync(
            async () => (await scene.GetAsync()).CacheStatus.StartsWith("CalGateway; fwd=stale", StringComparison.Ordinal), "Cal.com is asked anew");
    }

    [Fact]
    public async Task After_a_write_whose_outcome_nobody_knows_the_list_is_asked_for_anew_and_kept_for_an_outage()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Status(503, times: 3)); // the write, and the read twice
        await scene.WriteAsync(HttpMethod.Patch, One, """{"title":"Renamed"}""");

        Assert.Equal("CalGateway; fwd=stale; fwd-status=503; ttl=60", (await scene.GetAsync()).CacheStatus);
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).CacheStatus == "CalGateway; hit; ttl=60", "Cal.com has confirmed the list");
    }

    [Fact]
    public async Task A_write_that_is_carried_out_after_its_caller_was_told_of_a_failure_shows_within_seconds()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Status(504, times: 1).For("PATCH", null));
        await scene.WriteAsync(HttpMethod.Patch, One, """{"title":"Late"}""");
        Assert.DoesNotContain("Late", (await scene.GetAsync()).Titles);
        Assert.StartsWith("CalGateway; hit", (await scene.GetAsync()).CacheStatus, StringComparison.Ordinal);

        using var direct = new HttpClient { BaseAddress = scene.Sandbox.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/v2/event-types/3928133") { Content = new StringContent("""{"title":"Late"}""", Encoding.UTF8, "application/json") };
        request.Headers.Add("Authorization", $"Bearer {scene.Sandbox.ApiKey}");
        request.Headers.Add("cal-api-version", "2024-06-14");
        (await direct.SendAsync(request, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();
        Assert.DoesNotContain("Late", (await scene.GetAsync()).Titles);
        scene.Clock.Advance(LateWrites.Delay);

        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Titles.Contains("Late"), "the list was asked for once more");
    }

    [Fact]
    public async Task What_was_under_way_during_a_write_is_neither_stored_nor_given_to_who_asks_after_it()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.SlowBody(TimeSpan.FromMilliseconds(20), 64, times: 1).For("GET", CacheScene.UpstreamList));
        var before = scene.GetAsync();
        await Eventually.TrueAsync(() => scene.Asked == 1, "the list is on its way");

        await scene.WriteAsync(HttpMethod.Patch, One, """{"title":"Renamed"}""");
        Assert.Contains("Renamed", (await scene.GetAsync()).Titles);

        Assert.DoesNotContain("Renamed", (await before).Titles);
        Assert.Contains("Renamed", (await scene.GetAsync()).Titles);
        Assert.StartsWith("CalGateway; hit", (await scene.GetAsync()).CacheStatus, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_reads_an_older_title_after_his_own_rename_was_answered()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var readers = Enumerable.Range(0, 8).Select(async _ =>
        {
            var reads = 0;
            for (; !over.IsCancellationRequested; reads++)
                Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync()).Status);
            return reads;
        }).ToList();

        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var number = 1; number <= 30; number++)
        {
            Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(HttpMethod.Patch, One, $$"""{"title":"Title {{number}}"}""")).Status);
            foreach (var _ in Enumerable.Range(0, 5))
                Assert.Contains($"Title {number}", (await scene.GetAsync()).Titles);
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await over.CancelAsync();
        Assert.True((await Task.WhenAll(readers)).Sum() > 100);
    }

    [Fact]
    public async Task An_operator_evicts_by_tag_and_a_replaced_answer_keeps_its_tags()
    {
        await using var scene = await CacheScene.OpenAsync();
        var cache = scene.Gateway.Services.GetRequiredService<AnswerCache>();
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(12));
        await scene.GetAsync();

        Assert.Equal(0, await cache.EvictAsync("slots"));
        Assert.Equal(1, await cache.EvictAsync("event-types"));
        Assert.Equal(0, await cache.EvictAsync("event-types"));
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
    }

    [Theory]
    [InlineData("tag=slots&tag=event-types", 200, 1)]
    [InlineData("tag=EVENT-TYPES", 200, 1)]
    [InlineData("tag=slots", 200, 0)]
    [InlineData("tag=event-types&tag=", 400, 0)]
    [InlineData("", 400, 0)]
    public async Task Of_several_tags_each_is_evicted_and_an_empty_one_is_a_mistake(string query, int status, int evicted)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        using var operators = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };

        using var answer = await operators.PostAsync("/cache/evict?" + query, null, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
        if (status == 200)
            Assert.Contains($"\"evicted\": {evicted}", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(evicted == 1 ? "CalGateway; fwd=uri-miss; stored" : "CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }
}
