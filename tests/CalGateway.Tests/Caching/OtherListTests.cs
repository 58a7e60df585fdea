using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalGateway.Caching;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching;

/// <summary>Caches for other lists than those of event types: they need only settings.</summary>
public sealed class OtherListTests
{
    private const string Slots = "/calcom/v2/slots?eventTypeId=3928133&start=2031-01-06&end=2031-01-07";

    private static string WithSlots => GatewayFixture.ShippedSettings
        .Replace(
            """
            "Match": { "Path": "/calcom/v2/slots/{**rest}" },
            """,
            """
            "Match": { "Path": "/calcom/v2/slots/{**rest}" }, "OutputCachePolicy": "slots",
            """,
            StringComparison.Ordinal)
        .Replace(
            """
            "Policies": {
            """,
            """
            "Policies": {
              "slots": {
                "Fresh": "00:00:05", "StaleWhileRevalidate": "00:00:00", "StaleIfError": "00:01:00",
                "Query": ["eventTypeId", "start", "end", "timeZone"], "Tags": ["slots", "availability"], "EvictedBy": ["bookings", "slots", "schedules"]
              },
            """,
            StringComparison.Ordinal);

    [Fact]
    public async Task Slots_are_cached_by_a_few_lines_of_the_file_with_windows_query_and_tags_of_their_own()
    {
        await using var scene = await CacheScene.OpenAsync(WithSlots);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(Slots)).CacheStatus);
        Assert.Equal("CalGateway; hit; ttl=5", (await scene.GetAsync(Slots)).CacheStatus);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(Slots + "&timeZone=Europe/Berlin")).CacheStatus);
        Assert.StartsWith("CalGateway; fwd=bypass", (await scene.GetAsync(Slots + "&username=owner")).CacheStatus, StringComparison.Ordinal);

        scene.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.StartsWith("CalGateway; fwd=stale; fwd-status=", (await scene.GetAsync(Slots)).CacheStatus, StringComparison.Ordinal);

        scene.Sandbox.Faults.Add(Fault.Status(201).For("POST", "/v2/bookings"));
        Assert.Equal(HttpStatusCode.Created, (await scene.WriteAsync(HttpMethod.Post, "/calcom/v2/bookings", "{}")).Status);
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync(Slots)).CacheStatus);
        Assert.Equal(1, await scene.Gateway.Services.GetRequiredService<AnswerCache>().EvictAsync("availability"));
    }

    [Theory]
    [InlineData("schedules", "/v2/schedules", "2024-06-11", "PATCH", "/v2/schedules/1")]
    [InlineData("teams", "/v2/teams", "2024-08-13", "PATCH", "/v2/teams/7")]
    [InlineData("me", "/v2/me", "2024-08-13", "PATCH", "/v2/me")]
    public async Task Any_other_list_opts_in_by_the_file_alone(string policy, string path, string version, string method, string written)
    {
        await using var scene = await CacheScene.OpenAsync(With(GatewayFixture.ShippedSettings, policy, path, version));
        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync("/calcom" + path)).CacheStatus);
        Assert.Equal("CalGateway; hit; ttl=30", (await scene.GetAsync("/calcom" + path)).CacheStatus);
        await scene.GetAsync();

        scene.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""").For(method, written));
        Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(new HttpMethod(method), "/calcom" + written, "{}")).Status);

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync("/calcom" + path)).CacheStatus);
        scene.Clock.Advance(TimeSpan.FromSeconds(31));
        scene.Sandbox.Faults.Add(Fault.Status(503));
        Assert.Equal(HttpStatusCode.OK, (await scene.GetAsync("/calcom" + path)).Status);
    }

    [Theory]
    [InlineData("schedules", "/v2/schedules", "2024-06-11")]
    [InlineData("me", "/v2/me", "2024-08-13")]
    public async Task What_is_personal_is_stored_for_those_of_one_account_and_never_given_to_strangers(string policy, string path, string version)
    {
        var acme = AccessSettings.Consumer(AccessSettings.OtherKey);
        acme["Credential"] = "acme";
        var access = new JsonObject
        {
            ["Mode"] = "Anonymous",
            ["Consumers"] = new JsonObject { ["website"] = AccessSettings.Consumer(AccessSettings.Key), ["acme"] = acme },
            ["Credentials"] = new JsonObject { ["acme"] = new JsonObject { ["Variable"] = "ACME_KEY" } },
        };
        await using var scene = await CacheScene.OpenAsync(
            With(AccessSettings.With(access), policy, path, version), environment: new Dictionary<string, string?> { ["ACME_KEY"] = "cal_test_another_account" });

        foreach (var status in new[] { "CalGateway; fwd=uri-miss; stored", "CalGateway; hit; ttl=30", "CalGateway; hit; ttl=30" })
            Assert.Equal(status, (await scene.GetAsync("/calcom" + path, ("X-Api-Key", AccessSettings.Key))).CacheStatus);

        // The other account's key is none of the sandbox's: had it been given the first one's, it would be 200.
        Assert.Equal(HttpStatusCode.BadGateway, (await scene.GetAsync("/calcom" + path, ("X-Api-Key", AccessSettings.OtherKey))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.GetAsync("/calcom" + path)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.GetAsync("/calcom" + path, ("Cache-Control", "only-if-cached"))).Status);
    }

    [Fact]
    public async Task Where_routes_differ_by_host_the_same_path_is_not_the_same_question()
    {
        await using var scene = await CacheScene.OpenAsync(GatewayFixture.ShippedSettings.Replace(
            """
            "Routes": {
            """,
            """
            "Routes": {
              "elsewhere": {
                "ClusterId": "calcom", "Order": -1, "Match": { "Path": "/calcom/v2/event-types", "Hosts": ["elsewhere.test"] },
                "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-14" }]
              },
            """,
            StringComparison.Ordinal));
        await scene.GetAsync();
        await scene.GetAsync();

        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, CacheScene.List);
        elsewhere.Headers.Host = "elsewhere.test";
        Assert.Equal("", (await scene.SendAsync(elsewhere)).CacheStatus);
    }

    [Fact]
    public async Task The_report_tells_of_each_policy()
    {
        await using var scene = await CacheScene.OpenAsync(WithSlots);
        var cache = scene.Gateway.Services.GetRequiredService<AnswerCache>();
        await scene.GetAsync();
        await scene.GetAsync();
        await scene.GetAsync();
        await scene.GetAsync(Slots);
        scene.Clock.Advance(TimeSpan.FromMinutes(12));
        scene.Sandbox.Faults.Add(Fault.Status(503));
        await scene.GetAsync();
        await Eventually.TrueAsync(() => cache.Report().Policies.Sum(policy => policy.Requests) == 5, "all are counted");
        await Eventually.TrueAsync(() => cache.Report().Policies.Any(policy => policy.LastRefreshError is not null), "the refresh has failed, its retry too");

        var report = cache.Report();
        var lists = Assert.Single(report.Policies, policy => policy.Name == "event-types");
        Assert.Equal((2, 1, 4, 0.75), (report.Entries, lists.Entries, lists.Requests, lists.HitRatio));
        Assert.Equal(report.Bytes, report.Policies.Sum(policy => policy.Bytes));
        Assert.Equal(TimeSpan.FromMinutes(12), lists.OldestStale);
        Assert.Equal(new RefreshError(scene.Clock.GetUtcNow(), 503, null, "Cal.com"), lists.LastRefreshError);
        Assert.Null(report.Policies.Single(policy => policy.Name == "slots").LastRefreshError);
    }

    /// <summary>The settings with a route and a policy more.</summary>
    private static string With(string settings, string policy, string path, string version)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var json = JsonNode.Parse(settings, documentOptions: options)!;
        json["ReverseProxy"]!["Routes"]![$"cached-{policy}"] = new JsonObject
        {
            ["ClusterId"] = "calcom",
            ["Match"] = new JsonObject { ["Path"] = $"/calcom{path}" },
            ["OutputCachePolicy"] = policy,
            ["Transforms"] = new JsonArray(new JsonObject { ["PathRemovePrefix"] = "/calcom" }, new JsonObject { ["CalApiVersion"] = version }),
        };
        json["CalGateway"]!["Cache"]!["Policies"]![policy] = new JsonObject { ["Fresh"] = "00:00:30" };
        return json.ToJsonString();
    }
}
