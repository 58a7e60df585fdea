using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching;

/// <summary>What callers are promised of the cache, whatever is behind it.</summary>
public sealed class CacheTests
{
    private const string List = "/calcom/v2/event-types";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_list_is_asked_for_once_although_it_is_signed_and_comes_with_a_cookie()
    {
        await using var pair = await Pair.StartAsync();

        using var first = await pair.GetAsync(List);
        using var second = await pair.GetAsync(List);

        Assert.Equal("CalGateway; fwd=uri-miss; stored", Status(first));
        Assert.Matches("^CalGateway; hit; ttl=(60|[1-5]?[0-9])$", Status(second));
        Assert.Equal(await TextAsync(first), await TextAsync(second));
        Assert.NotNull(second.Headers.Age);
        Assert.Single(pair.Sandbox.Requests.All);
    }

    [Theory]
    [InlineData("/calcom/v2/teams/1/event-types")]
    [InlineData("/calcom/v2/event-types?username=owner&take=2")]
    public async Task So_are_the_lists_of_teams_and_the_lists_that_are_narrowed(string path)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(200, body: "{\"status\":\"success\",\"data\":[]}"));

        using var first = await pair.GetAsync(path);
        using var second = await pair.GetAsync(path);

        Assert.StartsWith("CalGateway; hit", Status(second), StringComparison.Ordinal);
        Assert.Single(pair.Sandbox.Requests.All);
    }

    [Theory]
    [InlineData(List + "?take=2&username=owner", List + "?username=owner&take=2", 1)]
    [InlineData(List + "?username=owner", List + "?username=Owner", 2)]
    [InlineData(List + "?username=owner", List, 2)]
    [InlineData(List, "/calcom/v2/Event-Types", 2)]
    [InlineData(List + "?username=a%26take=1", List + "?username=a&take=1", 2)]
    public async Task Requests_share_an_answer_only_where_Cal_com_would_give_the_same(string one, string other, int asked)
    {
        await using var pair = await Pair.StartAsync();

        using var first = await pair.GetAsync(one);
        using var second = await pair.GetAsync(other);

        Assert.Equal(asked, pair.Sandbox.Requests.Count);
    }

    [Theory]
    [InlineData("GET", List + "?x=1")]
    [InlineData("GET", List + "?username=owner&utm_source=mail")]
    [InlineData("GET", List + "/3928133")]
    [InlineData("POST", List)]
    public async Task Anything_else_is_forwarded_as_it_is_and_not_stored(string method, string path)
    {
        await using var pair = await Pair.StartAsync();

        for (var time = 0; time < 2; time++)
        {
            using var answer = await pair.SendAsync(method, path, method == "POST" ? "{}" : null);
            Assert.StartsWith("CalGateway; fwd=bypass; detail=", Status(answer), StringComparison.Ordinal);
        }

        Assert.Equal(2, pair.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task Errors_are_not_stored()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.Status(500, times: 1));

        using var failed = await pair.GetAsync(List);
        using var next = await pair.GetAsync(List);
        using var hit = await pair.GetAsync(List);

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.OK), (failed.StatusCode, next.StatusCode));
        Assert.DoesNotContain("stored", Status(failed), StringComparison.Ordinal);
        Assert.StartsWith("CalGateway; hit", Status(hit), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", "<html></html>")]
    [InlineData("application/json; charset=utf-8", null)]
    public async Task What_is_not_a_whole_200_in_JSON_is_not_stored(string type, string? body)
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(body is null ? Fault.TruncatedBody(times: 1) : Fault.Status(200, times: 1, body: body, contentType: type));

        await pair.AskRawAsync($"GET {List} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        using var next = await pair.GetAsync(List);

        Assert.Contains("15 Min Meeting", await TextAsync(next), StringComparison.Ordinal);
        Assert.Equal(2, pair.Sandbox.Requests.Count);
    }

    [Fact]
    public async Task An_answer_of_many_megabytes_passes_and_is_not_stored()
    {
        await using var pair = await Pair.StartAsync();
        pair.Sandbox.Faults.Add(Fault.HugeBody(40_000_000, times: 2));

        using var huge = await pair.GetAsync(List);
        Assert.Equal(40_000_000, (await huge.Content.ReadAsByteArrayAsync(Cancellation)).Length);
        using var next = await pair.GetAsync(List);

        Assert.Equal("CalGateway; fwd=bypass; detail=too-large", Status(huge)); // asked for once to be stored, in vain, and once to be passed
        Assert.Contains("15 Min Meeting", await TextAsync(next), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_matching_If_None_Match_is_answered_304_from_the_cache()
    {
        await using var pair = await Pair.StartAsync();
        using var first = await pair.GetAsync(List);
        var tag = first.Headers.ETag!.ToString();

        using var same = await pair.GetAsync(List, ("If-None-Match", tag));
        using var other = await pair.GetAsync(List, ("If-None-Match", "W/\"other\""));

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.OK), (same.StatusCode, other.StatusCode));
        Assert.StartsWith("CalGateway; hit", Status(same), StringComparison.Ordinal);
        Assert.Equal(tag, same.Headers.ETag?.ToString());
        Assert.Empty(await TextAsync(same));
        Assert.Single(pair.Sandbox.Requests.All);
    }

    [Fact]
    public async Task A_caller_that_knows_an_old_list_does_not_keep_the_new_one_from_being_stored()
    {
        await using var pair = await Pair.StartAsync();

        using var first = await pair.GetAsync(List, ("If-None-Match", "*"), ("Range", "bytes=0-10"));
        using var second = await pair.GetAsync(List);

        Assert.Empty(pair.Sandbox.Requests.All[0].Header("if-none-match"));
        Assert.Empty(pair.Sandbox.Requests.All[0].Header("range"));
        Assert.Contains("15 Min Meeting", await TextAsync(second), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_personal_to_one_caller_is_replayed_to_another()
    {
        await using var pair = await Pair.StartAsync(settings: AccessSettings.ApiKey());

        using var first = await pair.GetAsync(List, ("Origin", "https://one.example"), ("X-Api-Key", AccessSettings.Key));
        using var second = await pair.GetAsync(List, ("Origin", "https://two.example"), ("X-Api-Key", AccessSettings.Key));

        Assert.NotEqual(first.Headers.GetValues("X-Request-Id"), second.Headers.GetValues("X-Request-Id"));
        Assert.True(first.Headers.Contains("CalGateway-Upstream-Request-Id"));
        foreach (var personal in new[] { "Set-Cookie", "Access-Control-Allow-Origin", "X-RateLimit-Limit", "X-RateLimit-Remaining", "CalGateway-Upstream-Request-Id" })
            Assert.False(second.Headers.Contains(personal), personal);
    }

    [Fact]
    public async Task A_HEAD_after_a_GET_and_a_GET_after_a_HEAD_are_both_right()
    {
        await using var pair = await Pair.StartAsync();

        using var head = await pair.SendAsync("HEAD", List, json: null);
        using var get = await pair.GetAsync(List);
        using var headAgain = await pair.SendAsync("HEAD", List, json: null);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (head.StatusCode, headAgain.StatusCode));
        Assert.Contains("15 Min Meeting", await TextAsync(get), StringComparison.Ordinal);
        Assert.Empty(await TextAsync(headAgain));
    }

    private static string Status(HttpResponseMessage answer) => answer.Headers.GetValues("Cache-Status").Single();

    private static Task<string> TextAsync(HttpResponseMessage answer) => answer.Content.ReadAsStringAsync(Cancellation);
}
