using System.Net;
using System.Text;
using CalGateway.Access.Operations;
using CalGateway.Catalogue;
using CalGateway.Sandbox;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Evicting;

/// <summary>Which writes end the lists of event types: those that Cal.com gets, by what the catalogue knows of them.</summary>
public sealed class WriteReachTests
{
    private static string With(string routes) => GatewayFixture.ShippedSettings.Replace("\"Routes\": {", $"\"Routes\": {{ {routes},", StringComparison.Ordinal);

    private static string Route(string path, string transform) =>
        $$"""
        "rewritten": {
          "ClusterId": "calcom", "Match": { "Path": "{{path}}" }, "Transforms": [{{transform}}, { "CalApiVersion": "2024-06-14" }]
        }
        """;

    [Theory]
    [InlineData("PATCH", "/calcom/edit/{id}", """{ "PathPattern": "/v2/event-types/{id}" }""", "/calcom/edit/3928133")]
    [InlineData("PATCH", "/calcom/edit/{**rest}", """{ "PathSet": "/v2/event-types/3928133" }""", "/calcom/edit/anything")]
    [InlineData("PATCH", "/{**rest}", """{ "PathPrefix": "/v2/event-types" }""", "/3928133")]
    [InlineData("POST", "/calcom/save/{id}", """{ "PathPattern": "/v2/event-types/{id}" }, { "HttpMethodChange": "POST", "Set": "PATCH" }""", "/calcom/save/3928133")]
    public async Task A_write_counts_by_the_path_and_method_that_Cal_com_gets(string method, string path, string transform, string asked)
    {
        await using var scene = await CacheScene.OpenAsync(With(Route(path, transform)));
        await scene.GetAsync();

        Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(new HttpMethod(method), asked, """{"title":"Renamed"}""")).Status);

        Assert.Equal("PATCH /v2/event-types/3928133", scene.Sandbox.Requests.All[^1] is var sent ? $"{sent.Method} {sent.Target}" : null);
        Assert.Contains("Renamed", (await scene.GetAsync()).Titles);
    }

    [Fact]
    public async Task A_path_that_only_looks_like_one_of_event_types_before_it_is_rewritten_evicts_nothing()
    {
        await using var scene = await CacheScene.OpenAsync(With(Route("/calcom/event-types/teams/{uid}", """{ "PathPattern": "/v2/bookings/{uid}/confirm" }""")));
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Status(200).For("POST", null));

        Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(HttpMethod.Post, "/calcom/event-types/teams/abc", "{}")).Status);

        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Theory]
    [InlineData("POST", "/v2/teams/7/verified-resources/emails/verification-code/request")]
    [InlineData("POST", "/v2/teams/7/verified-resources/phones/verification-code/verify")]
    [InlineData("POST", "/v2/organizations/1/users/2/ooo")]
    [InlineData("PATCH", "/v2/organizations/1/users/2/ooo/3")]
    [InlineData("DELETE", "/v2/organizations/1/users/2/ooo/3")]
    [InlineData("POST", "/v2/organizations/1/teams/7/verified-resources/emails/verification-code/request")]
    [InlineData("POST", "/v2/organizations/1/attributes")]
    [InlineData("POST", "/v2/organizations/1/webhooks")]
    [InlineData("POST", "/v2/organizations/1/teams/7/workflows")]
    [InlineData("PATCH", "/v2/organizations/1/roles/3")]
    [InlineData("POST", "/v2/event-types/3928133/webhooks")]
    [InlineData("DELETE", "/v2/teams/7/event-types/3/webhooks/abc")]
    [InlineData("POST", "/v2/teams/7/event-types/3/create-phone-call")]
    [InlineData("POST", "/v2/teams/7/invite")]
    [InlineData("POST", "/v2/organizations/1/delegation-credentials")]
    [InlineData("POST", "/v2/slots/reservations")]
    [InlineData("PUT", "/v2/destination-calendars")]
    public async Task A_write_that_changes_no_event_type_leaves_the_lists_fresh(string method, string path) =>
        Assert.Equal("CalGateway; hit; ttl=60", await CacheStatusAfterAsync(method, path));

    [Theory]
    [InlineData("POST", "/v2/teams")]
    [InlineData("PATCH", "/v2/teams/7")]
    [InlineData("DELETE", "/v2/teams/7")]
    [InlineData("POST", "/v2/teams/7/memberships")]
    [InlineData("DELETE", "/v2/organizations/1/memberships/9")]
    [InlineData("PATCH", "/v2/organizations/1/users/2")]
    [InlineData("PATCH", "/v2/schedules/1")]
    [InlineData("DELETE", "/v2/schedules/1")]
    [InlineData("POST", "/v2/conferencing/zoom/default")]
    [InlineData("PATCH", "/v2/atoms/event-types/bulk-update-to-default-location")]
    [InlineData("POST", "/v2/event-types/3928133/something-new")]
    [InlineData("PUT", "/v2/event-types/3928133")]
    public async Task A_write_that_changes_what_they_show_or_that_the_catalogue_does_not_know_ends_the_lists(string method, string path) =>
        Assert.Equal("CalGateway; fwd=uri-miss; stored", await CacheStatusAfterAsync(method, path));

    [Fact]
    public async Task A_write_that_never_reached_Cal_com_has_changed_nothing()
    {
        await using var scene = await CacheScene.OpenAsync();
        await scene.GetAsync();
        await scene.StopUpstreamAsync();
        await scene.GetAsync("/calcom/v2/me"); // no connection is left

        Assert.Equal(HttpStatusCode.BadGateway, (await scene.WriteAsync(HttpMethod.Patch, CacheScene.List + "/3928133", "{}")).Status);

        Assert.Equal("CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Theory]
    [InlineData("EvictedBy\": [\"bookings\"]", "POST", "/v2/bookings", true)]
    [InlineData("EvictedBy\": [\"bookings\"]", "PATCH", "/v2/event-types/3928133", false)]
    [InlineData("EvictedBy\": [\"teams\"]", "POST", "/v2/teams/7/verified-resources/emails/verification-code/request", true)]
    public async Task What_the_file_says_of_writes_takes_the_catalogues_place(string setting, string method, string path, bool isEvicted)
    {
        await using var scene = await CacheScene.OpenAsync(GatewayFixture.ShippedSettings
            .Replace("\"Fresh\": \"00:01:00\"", $"\"Fresh\": \"00:01:00\", \"{setting}", StringComparison.Ordinal));
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""").For(method, null));

        await scene.WriteAsync(new HttpMethod(method), "/calcom" + path, "{}");

        Assert.Equal(isEvicted ? "CalGateway; fwd=uri-miss; stored" : "CalGateway; hit; ttl=60", (await scene.GetAsync()).CacheStatus);
    }

    [Theory]
    [InlineData("\"Tags\": [\"lists\"]")]
    [InlineData("\"Tags\": [\"lists\", \"more\"]")]
    public async Task A_write_evicts_what_was_stored_before_the_tags_of_the_policy_were_edited(string tags)
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        await scene.GetAsync();
        var before = (await scene.GetAsync())["CalGateway-Revision"];

        scene.Gateway.Edit(text => text.Replace("\"Fresh\": \"00:01:00\"", $"\"Fresh\": \"00:01:00\", {tags}", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await scene.GetAsync())["CalGateway-Revision"] != before, "the edit is in force");
        Assert.StartsWith("CalGateway; hit", (await scene.GetAsync()).CacheStatus, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(HttpMethod.Patch, CacheScene.List + "/3928133", """{"title":"Renamed"}""")).Status);
        Assert.Contains("Renamed", (await scene.GetAsync()).Titles);
    }

    [Fact]
    public async Task An_operator_evicts_by_the_tags_in_force_what_was_stored_under_others()
    {
        await using var scene = await CacheScene.OpenAsync(realClock: true);
        await scene.GetAsync();
        var before = (await scene.GetAsync())["CalGateway-Revision"];
        scene.Gateway.Edit(text => text.Replace("\"Fresh\": \"00:01:00\"", "\"Fresh\": \"00:01:00\", \"Tags\": [\"lists\"]", StringComparison.Ordinal));
        await Eventually.TrueAsync(async () => (await scene.GetAsync())["CalGateway-Revision"] != before, "the edit is in force");

        using var operatorsClient = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };
        using var nothing = new StringContent("", Encoding.UTF8, "application/json");
        (await operatorsClient.PostAsync("/cache/evict?tag=lists", nothing, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode().Dispose();

        Assert.Equal("CalGateway; fwd=uri-miss; stored", (await scene.GetAsync()).CacheStatus);
    }

    /// <summary>How the list is answered after it was stored and Cal.com then carried out a write.</summary>
    private static async Task<string?> CacheStatusAfterAsync(string method, string path)
    {
        await using var scene = await CacheScene.OpenAsync(environment: Opened(method, path));
        await scene.GetAsync();
        scene.Sandbox.Faults.Add(Fault.Status(200, body: """{"status":"success","data":{}}""").For(method, null));
        Assert.Equal(HttpStatusCode.OK, (await scene.WriteAsync(new HttpMethod(method), "/calcom" + path, "{}")).Status);

        return (await scene.GetAsync()).CacheStatus;
    }

    /// <summary>What is closed unless it is opened by name is opened.</summary>
    private static Dictionary<string, string?> Opened(string method, string path) =>
        CalComCatalogue.Default.Find(method, path) is { } operation && Exposures.WhyClosed(operation) is not null
            ? new() { ["CalGateway__Access__Allow__0"] = operation.ToString() }
            : [];
}
