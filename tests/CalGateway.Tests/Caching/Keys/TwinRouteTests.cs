using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching.Keys;

/// <summary>Two routes on one path, told apart by what only routing looks at.</summary>
public sealed class TwinRouteTests
{
    private static string With(string match) => GatewayFixture.ShippedSettings.Replace(
        "\"Routes\": {",
        $$"""
        "Routes": {
          "twin": {
            "ClusterId": "calcom", "Match": { "Path": "/calcom/v2/event-types/{**rest}", {{match}} }, "OutputCachePolicy": "event-types", "Order": -1,
            "Transforms": [{ "PathRemovePrefix": "/calcom" }, { "CalApiVersion": "2024-04-15", "Unverified": "true" }]
          },
        """,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("\"Headers\": [{ \"Name\": \"X-Twin\", \"Values\": [\"yes\"] }]", "X-Twin", "yes")]
    [InlineData("\"Headers\": [{ \"Name\": \"X-Twin\", \"Mode\": \"Exists\" }]", "X-Twin", "whatever")]
    [InlineData("\"Headers\": [{ \"Name\": \"cal-api-version\", \"Values\": [\"2024-04-15\"] }]", "cal-api-version", "2024-04-15")]
    [InlineData("\"Hosts\": [\"127.0.0.1\"]", "Host", "127.0.0.1")]
    public async Task Neither_is_given_what_was_stored_for_the_other(string match, string header, string value)
    {
        await using var scene = await CacheScene.OpenAsync(With(match));
        (string, string)[] mark = [(header, value)];
        (string, string)[] plain = header == "Host" ? [("Host", "localhost")] : [];

        // Thrice each and in turns: the second is stored, and the third is answered ahead of routing.
        for (var turn = 0; turn < 3; turn++)
        {
            var (twin, shipped) = (await scene.GetAsync(CacheScene.List, mark), await scene.GetAsync(CacheScene.List, plain));

            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (twin.Status, shipped.Status));
            Assert.Contains("eventTypeGroups", twin.Text, StringComparison.Ordinal);
            Assert.Contains("lengthInMinutes", shipped.Text, StringComparison.Ordinal);
            Assert.StartsWith(turn == 0 ? "CalGateway; fwd=uri-miss" : "CalGateway; hit", shipped.CacheStatus, StringComparison.Ordinal);
        }

        Assert.Equal(["2024-04-15", "2024-06-14"], scene.Sandbox.Requests.All.Select(asked => asked.Header("cal-api-version").Single()).Distinct().Order());
    }
}
