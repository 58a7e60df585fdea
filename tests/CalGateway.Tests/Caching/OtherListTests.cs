using System.Net;
using CalGateway.Caching;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace CalGateway.Tests.Caching;

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

        var report = cache.Report();
        var lists = Assert.Single(report.Policies, policy => policy.Name == "event-types");
        Assert.Equal((2, 1, 4, 0.75), (report.Entries, lists.Entries, lists.Requests, lists.HitRatio));
        Assert.Equal(report.Bytes, report.Policies.Sum(policy => policy.Bytes));
        Assert.Equal(TimeSpan.FromMinutes(12), lists.OldestStale);
        Assert.Equal(new RefreshError(scene.Clock.GetUtcNow(), 503, null), lists.LastRefreshError);
        Assert.Null(report.Policies.Single(policy => policy.Name == "slots").LastRefreshError);
    }
}
