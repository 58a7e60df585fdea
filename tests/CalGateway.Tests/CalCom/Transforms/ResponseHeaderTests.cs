using System.Net;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Transforms;

/// <summary>The file's transforms of response headers do what YARP documents, on every route.</summary>
public sealed class ResponseHeaderTests
{
    public static TheoryData<string> Paths => TransformScene.Paths;

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
}
