using System.Net;
using CalGateway.Journey.Callers;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching;

public sealed class WindowTests
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BeyondRevalidation = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task A_fresh_list_is_served_with_its_age_and_what_is_left_of_its_time()
    {
        await using var scene = await CacheScene.OpenAsync();
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
        scene.Clock.Advance(TimeSpan.FromSeconds(18));

        var hit = await scene.GetAsync();
        Assert.Equal("CalGateway; hit; ttl=42", hit.CacheStatus);
        Assert.Equal("18", hit["Age"]);
        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task A_stale_list_is_served_at_once_while_one_request_behind_refreshes_it()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(Fresh + TimeSpan.FromSeconds(7.5));
        scene.Sandbox.Faults.Add(Fault.Hang());

        foreach (var _ in Enumerable.Range(0, 10))
            Assert.Equal("CalGateway; hit; ttl=-8", (await scene.GetAsync()).CacheStatus);
        await Eventually.TrueAsync(() => scene.Asked == 2, "one refresh is under way");
        scene.Sandbox.Faults.Clear();

        await Eventually.TrueAsync(async () => (await scene.GetAsync()).CacheStatus == "CalGateway; hit; ttl=60", "the list is fresh");
        Assert.Equal(2, scene.Asked);
    }

    [Fact]
    public async Task With_Cal_com_gone_the_list_is_served_for_a_day_and_no_longer_and_is_fresh_again_when_it_is_back()
    {
        await using var scene = await CacheScene.OpenAsync();
        var stored = await scene.GetAsync();
        await scene.StopUpstreamAsync();

        scene.Clock.Advance(BeyondRevalidation);
        for (var age = BeyondRevalidation; age < TimeSpan.FromHours(24); age += TimeSpan.FromMinutes(30))
        {
            var stale = await scene.GetAsync();
            Assert.Equal(HttpStatusCode.OK, stale.Status);
            Assert.StartsWith("CalGateway; fwd=stale; ", stale.CacheStatus, StringComparison.Ordinal);
            Assert.Equal(stored.Text, stale.Text);
            scene.Clock.AdjustTime(scene.Clock.GetUtcNow() + TimeSpan.FromMinutes(30)); // unlike Advance, this does not run every timer that is due in between
        }

        Assert.Equal(HttpStatusCode.BadGateway, (await scene.GetAsync()).Status);

        await scene.RestartUpstreamAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Status == HttpStatusCode.OK, "the failure is no longer remembered");
        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
        Assert.Equal(1, scene.Asked);
    }

    [Theory]
    [InlineData("status 503", "CalGateway; fwd=stale; fwd-status=503; ttl=-660")]
    [InlineData("status 429", "CalGateway; fwd=stale; fwd-status=429; ttl=-660")]
    [InlineData("reset", "CalGateway; fwd=stale; ttl=-660; detail=upstream-invalid")]
    [InlineData("truncated", "CalGateway; fwd=stale; ttl=-660; detail=upstream-invalid")]
    [InlineData("malformed", "CalGateway; fwd=stale; fwd-status=200; ttl=-660")]
    [InlineData("html", "CalGateway; fwd=stale; fwd-status=200; ttl=-660")]
    public async Task Whatever_way_Cal_com_fails_the_stored_list_is_given(string failure, string status)
    {
        await using var scene = await CacheScene.OpenAsync();
        var stored = await scene.GetAsync();
        scene.Clock.Advance(BeyondRevalidation);
        scene.Sandbox.Faults.Add(failure switch
        {
            "status 503" => Fault.Status(503),
            "status 429" => Fault.RateLimit(),
            "reset" => Fault.Reset(),
            "truncated" => Fault.TruncatedBody(),
            "malformed" => Fault.MalformedJson(),
            _ => Fault.NonJson(),
        });

        var stale = await scene.GetAsync();

        Assert.Equal((HttpStatusCode.OK, status), (stale.Status, stale.CacheStatus));
        Assert.Equal(stored.Text, stale.Text);
    }

    [Fact]
    public async Task A_failure_with_more_to_say_than_is_stored_is_a_failure_all_the_same()
    {
        await using var scene = await CacheScene.OpenAsync(environment: new Dictionary<string, string?> { ["CalGateway__Cache__MaxEntryBytes"] = "4096" });
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(12));
        scene.Sandbox.Faults.Add(Fault.Status(503, body: new string('x', 6000), contentType: "text/html"));

        Assert.Equal("CalGateway; fwd=stale; fwd-status=503; ttl=-660; detail=upstream-invalid", (await scene.GetAsync()).CacheStatus);
        var (cold, asked) = (await scene.GetAsync(CacheScene.List + "?take=1"), scene.Asked);
        Assert.Equal((HttpStatusCode.BadGateway, "CalGateway; fwd=uri-miss; fwd-status=503"), (cold.Status, cold.CacheStatus));
        await scene.GetAsync(CacheScene.List + "?take=1"); // a first failure may be a stumble
        await scene.GetAsync(CacheScene.List + "?take=1");
        Assert.Equal(asked + 2, scene.Asked); // which is sent once more

        scene.Sandbox.Faults.Clear();
        scene.Clock.Advance(TimeSpan.FromSeconds(3));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).CacheStatus == "CalGateway; hit; ttl=60", "it is fresh again");
    }

    [Fact]
    public async Task A_long_refusal_that_says_when_to_ask_again_is_heeded_as_a_short_one()
    {
        await using var scene = await CacheScene.OpenAsync(environment: new Dictionary<string, string?> { ["CalGateway__Cache__MaxEntryBytes"] = "1024" });
        scene.Sandbox.Faults.Add(Fault.Status(429, body: new string('x', 6000), headers: new Dictionary<string, string> { ["Retry-After"] = "30" }));

        var first = await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(4));
        await scene.GetAsync();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (first.Status, first["Retry-After"]));
        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task A_refused_credential_with_much_to_say_covers_nothing()
    {
        await using var scene = await CacheScene.OpenAsync(environment: new Dictionary<string, string?> { ["CalGateway__Cache__MaxEntryBytes"] = "1024" });
        await scene.GetAsync();
        scene.Clock.Advance(TimeSpan.FromMinutes(12));
        scene.Sandbox.Faults.Add(Fault.Status(
            401, body: """{"status":"error","error":{"code":"UnauthorizedException","message":"…"}}""".Replace("…", new string('x', 600), StringComparison.Ordinal),
            headers: new Dictionary<string, string> { ["X-Request-Id"] = new string('i', 400) }));

        Assert.Equal(HttpStatusCode.BadGateway, (await scene.GetAsync()).Status);
        Assert.Equal(HttpStatusCode.BadGateway, (await scene.GetAsync()).Status);
    }

    [Fact]
    public async Task A_caller_waits_two_seconds_for_a_slow_Cal_com_and_then_gets_the_stored_list()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(BeyondRevalidation);
        scene.Sandbox.Faults.Add(Fault.Hang());

        var waiting = scene.GetAsync();
        await Eventually.TrueAsync(() => scene.Asked == 2, "Cal.com was asked");
        await Eventually.TrueAsync(
            () =>
            {
                scene.Clock.Advance(TimeSpan.FromSeconds(1));
                return waiting.IsCompleted;
            },
            "patience is at an end");

        Assert.Matches("^CalGateway; fwd=stale; ttl=-[0-9]+; detail=slow$", (await waiting).CacheStatus);
        scene.Sandbox.Faults.Clear();
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task A_refused_credential_is_never_covered_by_what_is_stored(int refusal)
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        scene.Clock.Advance(BeyondRevalidation);
        scene.Sandbox.Faults.Add(Fault.Status(refusal, body: """{"status":"error","error":{"code":"UnauthorizedException","message":"ApiAuthStrategy - Invalid API Key"}}"""));

        Assert.Equal(HttpStatusCode.BadGateway, (await scene.GetAsync()).Status);
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        scene.Sandbox.Faults.Clear();
        scene.Sandbox.Faults.Add(Fault.Status(503));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Status == HttpStatusCode.ServiceUnavailable, "nothing is stored any more");
    }

    [Fact]
    public async Task An_empty_list_lives_briefly_and_never_stale()
    {
        await using var scene = await CacheScene.OpenAsync();
        Assert.Empty((await scene.GetAsync(CacheScene.List + "?username=nobody")).Titles);
        scene.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("CalGateway; hit; ttl=2", (await scene.GetAsync(CacheScene.List + "?username=nobody")).CacheStatus);

        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        scene.Sandbox.Faults.Add(Fault.Status(503));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await scene.GetAsync(CacheScene.List + "?username=nobody")).Status);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("mid-body")]
    [InlineData("malformed")]
    [InlineData("html")]
    [InlineData("no-store")]
    [InlineData("vary")]
    public async Task What_is_not_whole_or_not_to_be_stored_is_not_stored(string what)
    {
        await using var scene = await CacheScene.OpenAsync();
        var list = """{"status":"success","data":[{"id":1}]}""";
        scene.Sandbox.Faults.Add(what switch
        {
            "truncated" => Fault.TruncatedBody(times: 1),
            "mid-body" => Fault.ResetMidBody(chunked: true, times: 1),
            "malformed" => Fault.MalformedJson(times: 1),
            "html" => Fault.NonJson(times: 1),
            "no-store" => Fault.Status(200, 1, list, headers: new Dictionary<string, string> { ["Cache-Control"] = "no-store" }),
            _ => Fault.Status(200, 1, list, headers: new Dictionary<string, string> { ["Vary"] = "*" }),
        });

        Assert.DoesNotContain("stored", (await scene.GetAsync()).CacheStatus, StringComparison.Ordinal);
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).CacheStatus == "CalGateway; fwd=uri-miss; stored", "the next answer is stored");
    }

    [Fact]
    public async Task Absurd_ages_of_Cal_coms_change_nothing()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Status(200, 1, """{"status":"success","data":[{"id":1}]}""", headers: new Dictionary<string, string>
        {
            ["Age"] = "99999999999999999999",
            ["Cache-Control"] = "max-age=99999999999999999999999, s-maxage=-1, , =",
            ["Expires"] = "yesterday",
        }));

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
        scene.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(("CalGateway; hit; ttl=1", "59"), ((await scene.GetAsync()) is var hit ? hit.CacheStatus : "", hit["Age"]));
    }

    [Fact]
    public async Task Another_credential_never_gets_what_was_stored_for_the_former()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();

        scene.Gateway.Services.GetRequiredService<Credential>().Replace(new Signature("cal_test_another"));

        Assert.Equal(HttpStatusCode.BadGateway, (await scene.GetAsync()).Status);
    }

    [Fact]
    public async Task An_edit_of_the_route_ends_its_answers_and_an_edit_of_another_does_not()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        await scene.GetAsync();
        var before = (await scene.GetAsync())["CalGateway-Revision"];

        scene.Gateway.Edit(text => text.Replace("2024-09-04", "2024-08-13", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await scene.GetAsync())["CalGateway-Revision"] != before, "the slots' new pin is in force");
        Assert.StartsWith("CalGateway; hit", (await scene.GetAsync()).CacheStatus, StringComparison.Ordinal);
        Assert.Equal(1, scene.Asked);

        scene.Gateway.Edit(text => text.Replace("2024-06-14", "2024-08-13", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Status == HttpStatusCode.BadGateway, "the list's new pin is in force");
    }

    [Fact]
    public async Task An_edit_of_the_windows_counts_for_what_is_stored_already()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        await scene.GetAsync();

        scene.Gateway.Edit(text => text.Replace("\"Fresh\": \"00:01:00\"", "\"Fresh\": \"01:00:00\"", StringComparison.Ordinal));

        await Eventually.TrueAsync(
            async () => (await scene.GetAsync()).CacheStatus is "CalGateway; hit; ttl=3600" or "CalGateway; hit; ttl=3599" or "CalGateway; hit; ttl=3598",
            "the hour is in force");
        Assert.Equal(1, scene.Asked);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_clock_that_is_set_makes_no_answer_older_or_younger(int hours)
    {
        var clock = new WallClock();
        await using var scene = await CacheScene.OpenAsync(realClock: true, adjust: builder => builder.Services.AddSingleton<TimeProvider>(clock));
        await scene.GetAsync();

        clock.Set(TimeSpan.FromHours(hours));

        var hit = await scene.GetAsync();
        Assert.Matches("^CalGateway; hit; ttl=(60|[45][0-9])$", hit.CacheStatus);
        Assert.InRange(int.Parse(hit["Age"]!, System.Globalization.CultureInfo.InvariantCulture), 0, 20);
    }
}
