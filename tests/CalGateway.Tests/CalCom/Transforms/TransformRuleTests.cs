using System.Text.Json.Nodes;
using CalGateway.Tests.Configuration;
using CalGateway.Tests.TestInfrastructure;
using static CalGateway.Tests.CalCom.Transforms.TransformScene;

namespace CalGateway.Tests.CalCom.Transforms;

/// <summary>What no transform of the file can change is refused; how the pin is written, and in which order transforms take effect.</summary>
public sealed class TransformRuleTests
{
    [Theory]
    [InlineData("""{ "RequestHeader": "cal-api-version", "Set": "2024-04-15" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeader": "Cal-Api-Version", "Append": "2024-04-15" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeaderRouteValue": "cal-api-version", "Set": "rest" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeaderRemove": "cal-api-version" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeadersAllowed": "Accept;cal-api-version" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "requestheader": "authorization", "set": "Basic eA" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeaderRouteValue": "Authorization", "Set": "rest" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeaderRemove": "Authorization" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeadersAllowed": "Authorization" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "ClientCert": "Authorization" }""", "CalApiVersion\": \"2024-08-13\"")]
    [InlineData("""{ "RequestHeader": "Cookie", "Set": "a=b" }""", "never sent cookies")]
    [InlineData("""{ "RequestHeadersAllowed": "Cookie" }""", "cookies")]
    [InlineData("""{ "RequestHeader": "Connection", "Set": "close" }""", "belongs to one connection")]
    [InlineData("""{ "RequestHeader": "Transfer-Encoding", "Set": "gzip" }""", "belongs to one connection")]
    [InlineData("""{ "RequestHeadersAllowed": "TE" }""", "belongs to one connection")]
    [InlineData("""{ "RequestHeader": "Accept-Encoding", "Set": "br" }""", "plain answers")]
    [InlineData("""{ "RequestHeadersAllowed": "X-Api-Key" }""", "who calls")]
    [InlineData("""{ "HttpMethodChange": "POST", "Set": "TRACE" }""", "never forwards that method")]
    [InlineData("""{ "ResponseHeader": "Set-Cookie", "Set": "a=b" }""", "no cookies")]
    [InlineData("""{ "ResponseHeadersAllowed": "Set-Cookie" }""", "never passed on")]
    [InlineData("""{ "ResponseHeadersAllowed": "Server" }""", "never passed on")]
    [InlineData("""{ "ResponseHeader": "Transfer-Encoding", "Set": "x" }""", "belongs to one connection")]
    [InlineData("""{ "ResponseHeader": "CalGateway-Revision", "Set": "x" }""", "gateway's own header")]
    [InlineData("""{ "ResponseHeaderRemove": "X-Request-Id" }""", "gateway's own header")]
    [InlineData("""{ "ResponseHeader": "Access-Control-Allow-Origin", "Set": "*" }""", "CalGateway:Access:Cors")]
    public async Task What_no_transform_can_change_is_refused_with_the_reason(string transform, string reason)
    {
        var settings = WithoutCache(transform);

        var (exit, output, _) = await CheckTests.CheckAsync(settings.ToJsonString());

        Assert.Equal(1, exit);
        Assert.Contains(reason, output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "QueryValueParameter": "apiKey", "Set": "x" }""")]
    [InlineData("""{ "QueryRemoveParameter": "APIKEY" }""")]
    [InlineData("""{ "RequestHeader": "Authorization", "Set": "Basic eA" }""")]
    public async Task The_signature_in_the_query_is_no_other_transforms_either(string transform)
    {
        var settings = GatewayFixture.ShippedSettings.Replace("""{ "CalApiKeyQuery": "apiKey" }""", $$"""{ "CalApiKeyQuery": "apiKey" }, {{transform}}""", StringComparison.Ordinal);

        var (exit, output, _) = await CheckTests.CheckAsync(settings);

        Assert.Equal(1, exit);
        Assert.Contains("CalApiKeyQuery", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_version_that_the_file_sets_without_a_pin_is_told_as_sent()
    {
        var settings = RouteScene.Settings("");
        var transforms = settings["ReverseProxy"]!["Routes"]!["pinned"]!["Transforms"]!.AsArray();
        transforms[1] = new JsonObject { ["RequestHeader"] = "cal-api-version", ["Set"] = "2024-06-11" };
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);

        var reply = await scene.GetAsync(RouteScene.Pinned);

        Assert.Equal(["2024-06-11"], scene.Sent["cal-api-version"]);
        Assert.Equal("2024-06-11", reply["CalGateway-Api-Version"]);
    }

    [Theory]
    [InlineData("calApiVersion")]
    [InlineData("CALAPIVERSION")]
    public async Task The_pin_may_be_written_in_any_case(string key)
    {
        var settings = RouteScene.Settings("");
        settings["ReverseProxy"]!["Routes"]!["pinned"]!["Transforms"]!.AsArray()[1] = new JsonObject { [key] = "2024-06-11", ["unverified"] = "true" };
        await using var scene = await RouteScene.OpenAsync(ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), settings);

        Assert.Equal("2024-06-11", (await scene.GetAsync(RouteScene.Pinned))["CalGateway-Api-Version"]);
        Assert.Equal(["2024-06-11"], scene.Sent["cal-api-version"]);
    }

    [Theory]
    [InlineData("ReverseProxy__Routes__pinned__Transforms__1__CALAPIVERSION")]
    [InlineData("REVERSEPROXY__ROUTES__PINNED__TRANSFORMS__1__CALAPIVERSION")]
    public async Task So_may_the_environment(string variable)
    {
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), RouteScene.Settings(""), new Dictionary<string, string?> { [variable] = "2024-06-11" });

        Assert.Equal("2024-06-11", (await scene.GetAsync(RouteScene.Pinned))["CalGateway-Api-Version"]);
    }

    [Fact]
    public async Task Explain_tells_in_which_order_they_take_effect()
    {
        await using var scene = await RouteScene.OpenAsync("""{ "RequestHeader": "X-Source", "Set": "gateway" }, { "ResponseHeaderRemove": "cf-ray" }""");

        using var management = new HttpClient { BaseAddress = scene.Gateway.ManagementAddress };
        var explained = JsonNode.Parse(await management.GetStringAsync($"/explain?method=GET&path={RouteScene.Pinned}", TestContext.Current.CancellationToken))!;

        var order = explained["order"]!.AsArray().Select(one => (string)one!).ToList();
        int At(string words) => order.FindIndex(line => line.Contains(words, StringComparison.Ordinal));
        Assert.True(At("caller's headers") < At("RequestHeader X-Source") && At("RequestHeader X-Source") < At("CalApiVersion 2024-08-13"));
        Assert.True(At("CalApiVersion") < At("hop-by-hop") && At("hop-by-hop") < At("ResponseHeaderRemove cf-ray") && At("ResponseHeaderRemove") < At("CalGateway-*"));
    }
}
