using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Keys;

/// <summary>Two routes on one path: neither is given the other's stored list, however often either was asked before.</summary>
public sealed class TwinPathTests
{
    [Theory]
    [InlineData("""{ "Path": "/calcom/v2/event-types", "Headers": [{ "Name": "X-Edition", "Values": ["old"] }] }""", "", "X-Edition", "old")]
    [InlineData("""{ "Path": "/calcom/v2/event-types", "Headers": [{ "Name": "X-Edition", "Mode": "Exists" }] }""", "", "X-Edition", "any")]
    [InlineData("""{ "Path": "/calcom/v2/event-types", "QueryParameters": [{ "Name": "take", "Values": ["7"] }] }""", "?take=7", "X-Nothing", "1")]
    [InlineData("""{ "Path": "/calcom/v2/event-types", "Hosts": ["localhost"] }""", "", "Host", "localhost")]
    public async Task Routes_that_something_else_than_the_path_tells_apart_have_lists_of_their_own(string match, string query, string header, string value)
    {
        var settings = RouteScene.Settings("");
        settings["ReverseProxy"]!["Routes"]!["old"] = new JsonObject
        {
            ["ClusterId"] = "calcom",
            ["Order"] = -1,
            ["Match"] = JsonNode.Parse(match),
            ["OutputCachePolicy"] = "event-types",
            ["Transforms"] = JsonNode.Parse("""[{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-06-11" }]"""),
        };
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);

        // The first time stores, the second prepares the front's answer, the third is the front's.
        for (var round = 0; round < 3; round++)
        {
            var plain = await scene.GetAsync(RouteScene.Cached);
            var old = await scene.GetAsync(RouteScene.Cached + query, (header, value));
            var expected = round == 0 ? "CalGateway; fwd=uri-miss; stored" : "CalGateway; hit";
            Assert.StartsWith(expected, plain.CacheStatus, StringComparison.Ordinal);
            Assert.StartsWith(expected, old.CacheStatus, StringComparison.Ordinal);
        }

        Assert.Equal(2, scene.Upstream.Heads.Count);
        Assert.Contains("cal-api-version: 2024-06-14", scene.Upstream.Heads[0], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("cal-api-version: 2024-06-11", scene.Upstream.Heads[1], StringComparison.OrdinalIgnoreCase);
    }
}
