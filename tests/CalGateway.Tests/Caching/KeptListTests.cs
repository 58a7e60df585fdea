using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.Caching;

/// <summary>What ends a stored list, and what says nothing of it.</summary>
public sealed class KeptListTests
{
    private const string Json = "Content-Type: application/json; charset=utf-8";
    private const string Html = "Content-Type: text/html";
    private const string List = """{"status":"success","data":[{"id":1,"title":"Kept"}]}""";

    private static readonly string Outage = Answer("503 Service Unavailable", """{"status":"error","error":{"code":"X","message":"Down"}}""", Json);

    [Theory]
    [InlineData("404 Not Found", "a 404 that breaks off")]
    [InlineData("404 Not Found", "a 404 that is shorter than it says")]
    [InlineData("404 Not Found", "a page")]
    [InlineData("404 Not Found", "other JSON")]
    [InlineData("403 Forbidden", "a page")]
    [InlineData("403 Forbidden", "other JSON")]
    [InlineData("403 Forbidden", "a 403 that breaks off")]
    [InlineData("401 Unauthorized", "a page")]
    [InlineData("401 Unauthorized", "a 401 that breaks off")]
    [InlineData("410 Gone", "a page")]
    [InlineData("302 Found", "a redirect")]
    [InlineData("307 Temporary Redirect", "a redirect")]
    [InlineData("408 Request Timeout", "an error of Cal.com's")]
    [InlineData("400 Bad Request", "an error of Cal.com's")]
    [InlineData("422 Unprocessable Content", "an error of Cal.com's")]
    [InlineData("423 Locked", "an error of Cal.com's")]
    [InlineData("200 OK", "a page that is not to be stored")]
    [InlineData("206 Partial Content", "a part")]
    [InlineData("204 No Content", "nothing")]
    public async Task What_is_no_refusal_of_Cal_coms_own_leaves_the_stored_list_for_now_and_for_an_outage(string status, string what)
    {
        await using var scene = await Scripted.StartAsync(Answer("200 OK", List, Json));
        var stored = await scene.GetAsync();
        Assert.Equal("CalGateway; fwd=uri-miss; stored", stored.CacheStatus);

        scene.Clock.Advance(TimeSpan.FromMinutes(12));
        scene.Say(AnswerOf(status, what));
        var meanwhile = await scene.GetAsync();
        Assert.Equal((HttpStatusCode.OK, stored.Text), (meanwhile.Status, meanwhile.Text));
        Assert.StartsWith("CalGateway; fwd=stale", meanwhile.CacheStatus, StringComparison.Ordinal);

        scene.Say(Outage);
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).CacheStatus.Contains("fwd-status=503", StringComparison.Ordinal), "Cal.com was asked again, and the list was given");
    }

    [Theory]
    [InlineData("401 Unauthorized", """{"status":"error","error":{"code":"UnauthorizedException","message":"ApiAuthStrategy - Invalid API Key"}}""")]
    [InlineData("403 Forbidden", """{"status":"error","error":{"code":"ForbiddenException","message":"You may not see this"}}""")]
    [InlineData("403 Forbidden", """{"statusCode":403,"message":"Forbidden resource"}""")]
    [InlineData("404 Not Found", """{"status":"error","error":{"code":"NotFoundException","message":"There is no such user"}}""")]
    [InlineData("404 Not Found", """{"status":"error","error":{"code":"NotFoundException","message":"Cannot GET /v2/event-types"}}""")]
    [InlineData("410 Gone", """{"status":"error","error":{"code":"GoneException","message":"It is gone"}}""")]
    [InlineData("410 Gone", """{"error":"Gone","message":"It has been discontinued"}""")]
    public async Task A_refusal_of_Cal_coms_own_is_the_answer_and_ends_the_stored_list(string status, string refusal)
    {
        await using var scene = await Scripted.StartAsync(Answer("200 OK", List, Json));
        await scene.GetAsync();

        scene.Clock.Advance(TimeSpan.FromMinutes(12));
        scene.Say(Answer(status, refusal, Json));
        Assert.NotEqual(HttpStatusCode.OK, (await scene.GetAsync()).Status);

        scene.Say(Outage);
        scene.Clock.Advance(TimeSpan.FromSeconds(61));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Status == HttpStatusCode.ServiceUnavailable, "nothing is stored any more");
    }

    [Fact]
    public async Task Without_a_stored_list_the_edges_page_is_passed_on_as_it_came()
    {
        await using var scene = await Scripted.StartAsync(AnswerOf("403 Forbidden", "a page"));

        var told = await scene.GetAsync();

        Assert.Equal((HttpStatusCode.Forbidden, "text/html"), (told.Status, told["Content-Type"]));
    }

    private static string AnswerOf(string status, string what) => what switch
    {
        "a page" => Answer(status, "<html><body>Attention required</body></html>", Html),
        "other JSON" => Answer(status, """{"success":false,"errors":[{"code":1020}]}""", Json),
        "a redirect" => Answer(status, "", Json, "Location: https://example.com/login"),
        "an error of Cal.com's" => Answer(status, """{"status":"error","error":{"code":"X","message":"No"}}""", Json),
        "a page that is not to be stored" => Answer(status, "<html><body>Sign in</body></html>", Html, "Cache-Control: no-store"),
        "a part" => Answer(status, List[..20], Json, "Content-Range: bytes 0-19/100"),
        "nothing" => $"HTTP/1.1 {status}\r\nConnection: close\r\n\r\n",
        _ when what.Contains("shorter", StringComparison.Ordinal) =>
            Head(status, 500, Json) + """{"status":"error","error":{"code":"NotFoundException","message":"There is no such user"}}""",
        _ => Head(status, 500, Json) + """{"status":"error","error":{"code":"Exception","mess""",
    };

    private static string Answer(string status, string body, params string[] headers) => Head(status, body.Length, headers) + body;

    private static string Head(string status, int length, params string[] headers) =>
        $"HTTP/1.1 {status}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Content-Length: {length.ToString(CultureInfo.InvariantCulture)}\r\nConnection: close\r\n\r\n";

    /// <summary>A gateway before an upstream that says the same until it is told to say something else.</summary>
    private sealed class Scripted : IAsyncDisposable
    {
        private readonly ConcurrentStack<string> _answers = new();
        private readonly ScriptedUpstream _upstream;
        private GatewayFixture _gateway = null!;
        private HttpClient _caller = null!;

        private Scripted(string answer)
        {
            Say(answer);
            _upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(_answers.TryPeek(out var said) ? said : ""));
        }

        public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

        public static async Task<Scripted> StartAsync(string answer)
        {
            var scene = new Scripted(answer);
            scene._gateway = await GatewayFixture.StartAsync(scene._upstream.Address, adjust: builder => builder.Services.AddSingleton<TimeProvider>(scene.Clock));
            scene._caller = scene._gateway.CreateClient();
            return scene;
        }

        public void Say(string answer) => _answers.Push(answer);

        public async Task<Reply> GetAsync()
        {
            using var answer = await _caller.GetAsync(CacheScene.List, TestContext.Current.CancellationToken);
            return await Reply.ReadAsync(answer);
        }

        public async ValueTask DisposeAsync()
        {
            _caller.Dispose();
            await _gateway.DisposeAsync();
            await _upstream.DisposeAsync();
        }
    }
}
