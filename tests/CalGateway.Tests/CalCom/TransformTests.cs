using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.Configuration;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

/// <summary>The file's transforms do what YARP documents, on every route; what none of them can change is refused.</summary>
public sealed class TransformTests
{
    public static TheoryData<string> Paths => [RouteScene.Pinned, RouteScene.Cached, RouteScene.Other];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_request_header_is_set_whatever_the_caller_sent(string path)
    {
        await using var scene = await RouteScene.OpenAsync("""{ "RequestHeader": "Accept-Language", "Set": "de" }, { "RequestHeader": "X-Source", "Set": "gateway" }""");

        await scene.GetAsync(path, ("Accept-Language", "nl"));

        Assert.Equal(["de"], scene.Sent["Accept-Language"]);
        Assert.Equal(["gateway"], scene.Sent["X-Source"]);
    }

    /// <summary>HttpClient counts these as a body's, and a read has none.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Headers_of_a_body_are_set_on_a_request_without_one(string path)
    {
        await using var scene = await RouteScene.OpenAsync(
            """{ "RequestHeader": "content-type", "Set": "text/plain" }, { "RequestHeader": "Content-Language", "Append": "de" }, { "RequestHeader": "Last-Modified", "Set": "never" }""");

        await scene.GetAsync(path);

        Assert.StartsWith("GET ", scene.Line, StringComparison.Ordinal);
        Assert.Equal(["text/plain", "de", "never", "0"], scene.Sent["Content-Type"].Concat(scene.Sent["Content-Language"]).Concat(scene.Sent["Last-Modified"]).Concat(scene.Sent["Content-Length"]));
    }

    [Theory]
    [InlineData(RouteScene.Pinned, "web, gateway")]
    [InlineData(RouteScene.Cached, "web, gateway")]
    [InlineData(RouteScene.Other, "web, gateway")]
    public async Task A_request_header_is_appended_to_what_the_caller_sent(string path, string sent)
    {
        await using var scene = await RouteScene.OpenAsync("""{ "RequestHeader": "X-Source", "Append": "gateway" }""");

        var reply = await scene.GetAsync(path, ("X-Source", "web"));
        Assert.Equal(sent, string.Join(", ", scene.Sent["X-Source"]));

        // What depends on a caller's header is nobody else's.
        if (path == RouteScene.Cached)
            Assert.Equal("CalGateway; fwd=bypass; detail=header", reply.CacheStatus);
        await scene.GetAsync(path);
        Assert.Equal("gateway", string.Join(", ", scene.Sent["X-Source"]));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_request_header_is_removed(string path)
    {
        await using var scene = await RouteScene.OpenAsync("""{ "RequestHeaderRemove": "User-Agent" }""");

        await scene.GetAsync(path, ("User-Agent", "a-program/1.0"), ("Accept", "application/json"));

        Assert.Empty(scene.Sent["User-Agent"]);
        Assert.NotEmpty(scene.Sent["Accept"]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_header_of_the_callers_is_copied_where_the_file_says_so(string path)
    {
        await using var scene = await RouteScene.OpenAsync("""{ "RequestHeadersCopy": "false" }, { "RequestHeader": "X-Source", "Set": "gateway" }""");

        await scene.GetAsync(path, ("User-Agent", "a-program/1.0"), ("Accept", "application/json"), ("X-Custom", "1"));

        Assert.Empty(scene.Sent["User-Agent"].Concat(scene.Sent["Accept"]).Concat(scene.Sent["X-Custom"]));
        Assert.Equal(["gateway"], scene.Sent["X-Source"]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task The_headers_that_the_file_allows_are_copied_and_no_others(string path)
    {
        await using var scene = await RouteScene.OpenAsync("""{ "RequestHeadersAllowed": "Accept;X-Custom" }""");

        await scene.GetAsync(path, ("User-Agent", "a-program/1.0"), ("Accept", "application/json"), ("X-Custom", "1"), ("Connection", "X-Hop"), ("X-Hop", "1"));

        Assert.Equal(["1"], scene.Sent["X-Custom"]);
        Assert.NotEmpty(scene.Sent["Accept"]);
        Assert.Empty(scene.Sent["User-Agent"].Concat(scene.Sent["X-Hop"]));
    }

    [Fact]
    public async Task A_stored_answer_is_given_to_nobody_who_sends_a_header_that_the_file_lets_through()
    {
        await using var scene = await RouteScene.OpenAsync("""{ "RequestHeadersAllowed": "Accept;X-Tenant" }""");
        foreach (var status in new[] { "uri-miss; stored", "hit;", "hit;" })
            Assert.Contains(status, (await scene.GetAsync(RouteScene.Cached)).CacheStatus, StringComparison.Ordinal);

        Assert.Equal("CalGateway; fwd=bypass; detail=header", (await scene.GetAsync(RouteScene.Cached, ("X-Tenant", "a"))).CacheStatus);
        Assert.Equal(["a"], scene.Sent["X-Tenant"]);
    }

    [Fact]
    public async Task All_headers_that_may_travel_are_copied_where_the_file_asks_for_it()
    {
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Saying(RouteScene.Answer("", "200 OK")), WithoutCache("""{ "RequestHeadersCopy": "true" }"""));

        await scene.GetAsync(
            RouteScene.Pinned, ("X-Custom", "1"), ("Cookie", "a=b"), ("Authorization", "Bearer the-callers"), ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("cal-api-version", "2024-04-15"));

        Assert.Equal(["1"], scene.Sent["X-Custom"]);
        Assert.Equal(["Bearer cal_test_the_gateways_own"], scene.Sent["Authorization"]);
        Assert.Equal(["2024-08-13"], scene.Sent["cal-api-version"]);
        Assert.Empty(scene.Sent["Cookie"].Concat(scene.Sent["traceparent"]));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Response_headers_are_set_appended_and_removed_on_every_answer_a_stored_one_too(string path)
    {
        await using var scene = await RouteScene.OpenAsync(
            """
            { "ResponseHeader": "cf-ray", "Set": "ours" }, { "ResponseHeader": "Link", "Append": "<b>" }, { "ResponseHeader": "X-Bad", "Set": "x", "When": "Failure" },
            { "ResponseHeader": "X-Always", "Set": "x", "When": "Always" }, { "ResponseHeaderRemove": "Content-Language" }
            """,
            "cf-ray: theirs\r\nLink: <a>\r\nContent-Language: de\r\n");

        foreach (var _ in new[] { 1, 2, 3 })
        {
            var reply = await scene.GetAsync(path);
            Assert.Equal(HttpStatusCode.OK, reply.Status);
            Assert.Equal(("ours", "<a>, <b>", null, "x", null), (reply["cf-ray"], reply["Link"], reply["X-Bad"], reply["X-Always"], reply["Content-Language"]));
        }
    }

    [Theory]
    [InlineData(RouteScene.Pinned, "404 Not Found")]
    [InlineData(RouteScene.Cached, "404 Not Found")]
    [InlineData(RouteScene.Pinned, "500 Internal Server Error")]
    [InlineData(RouteScene.Cached, "500 Internal Server Error")]
    [InlineData(RouteScene.Other, "404 Not Found")]
    public async Task On_a_failure_those_for_failures_count_on_what_the_gateway_makes_of_it_too(string path, string status)
    {
        await using var scene = await RouteScene.OpenAsync(
            """{ "ResponseHeader": "X-Good", "Set": "x" }, { "ResponseHeader": "X-Bad", "Set": "x", "When": "Failure" }, { "ResponseHeader": "X-Always", "Append": "x", "When": "Always" }""",
            status: status);

        foreach (var _ in new[] { 1, 2 })
        {
            var reply = await scene.GetAsync(path);
            Assert.Equal((null, "x", "x"), (reply["X-Good"], reply["X-Bad"], reply["X-Always"]));
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task They_count_where_there_is_no_answer_at_all(string path)
    {
        await using var scene = await RouteScene.OpenAsync(
            ScriptedUpstream.Start(exchange =>
            {
                exchange.Reset();
                return Task.CompletedTask;
            }),
            RouteScene.Settings("""{ "ResponseHeader": "X-Bad", "Set": "x", "When": "Failure" }"""));

        var reply = await scene.GetAsync(path);

        Assert.Equal((HttpStatusCode.BadGateway, "x"), (reply.Status, reply["X-Bad"]));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Only_the_response_headers_that_the_file_allows_are_passed_on(string path)
    {
        await using var scene = await RouteScene.OpenAsync("""{ "ResponseHeadersAllowed": "Content-Type;Link" }""", "Link: <a>\r\nContent-Language: de\r\nX-Custom: 1\r\n");

        foreach (var _ in new[] { 1, 2 })
        {
            var reply = await scene.GetAsync(path);
            Assert.Equal(("<a>", "application/json", null, null), (reply["Link"], reply["Content-Type"], reply["Content-Language"], reply["X-Custom"]));
            Assert.Equal(RouteScene.Body, reply.Text);
            Assert.NotNull(reply["CalGateway-Revision"]);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task No_response_header_is_passed_on_where_the_file_says_so(string path)
    {
        await using var scene = await RouteScene.OpenAsync(
            """{ "ResponseHeadersCopy": "false" }, { "ResponseHeader": "X-Ours", "Set": "x" }""", "Link: <a>\r\nContent-Language: de\r\n");

        foreach (var _ in new[] { 1, 2 })
        {
            var reply = await scene.GetAsync(path);
            Assert.Equal((HttpStatusCode.OK, null, null, "x"), (reply.Status, reply["Link"], reply["Content-Language"], reply["X-Ours"]));
            Assert.Equal(RouteScene.Body, reply.Text);
        }
    }

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

    private static JsonObject WithoutCache(string transforms)
    {
        var settings = RouteScene.Settings(transforms);
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("cached");
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("other");
        return settings;
    }
}
