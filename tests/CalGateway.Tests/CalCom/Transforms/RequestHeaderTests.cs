using CalGateway.Tests.TestInfrastructure;
using static CalGateway.Tests.CalCom.Transforms.TransformScene;

namespace CalGateway.Tests.CalCom.Transforms;

/// <summary>The file's transforms of request headers do what YARP documents, on every route.</summary>
public sealed class RequestHeaderTests
{
    public static TheoryData<string> Paths => TransformScene.Paths;

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
}
