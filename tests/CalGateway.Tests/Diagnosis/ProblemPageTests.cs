using System.Text.Json.Nodes;
using CalGateway.Problems;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Diagnosis;

public sealed class ProblemPageTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_problem_is_explained_to_people_and_to_programs()
    {
        await using var pair = await Pair.StartAsync();
        foreach (var type in ProblemTypes.All)
        {
            using var page = await pair.GetAsync(type.Address, ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8"));
            using var json = await pair.GetAsync(type.Address, ("Accept", "application/json"));
            using var either = await pair.GetAsync(type.Address);

            var html = await page.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal(("text/html", "application/json", "application/json"), (MediaType(page), MediaType(json), MediaType(either)));
            Assert.Contains($"<code>{type.Code}</code>", html, StringComparison.Ordinal);
            Assert.Contains("Likely causes", html, StringComparison.Ordinal);
            Assert.Contains("What to do", html, StringComparison.Ordinal);

            var told = JsonNode.Parse(await json.Content.ReadAsStringAsync(Cancellation))!;
            Assert.Equal(["type", "code", "status", "title", "causes", "fix"], told.AsObject().Select(member => member.Key));
            Assert.Equal((type.Address, type.Code, type.Status), ((string?)told["type"], (string?)told["code"], (int?)told["status"]));
            Assert.NotEmpty(told["causes"]!.AsArray());
            Assert.NotEqual("", (string?)told["fix"]);
        }
    }

    [Fact]
    public async Task All_of_them_are_listed()
    {
        await using var pair = await Pair.StartAsync();

        using var json = await pair.GetAsync("/_gateway/problems");
        using var page = await pair.GetAsync("/_gateway/problems", ("Accept", "text/html"));

        var listed = JsonNode.Parse(await json.Content.ReadAsStringAsync(Cancellation))!.AsArray().Select(item => (string?)item!["code"]);
        Assert.Equal(ProblemTypes.All.Select(type => type.Code), listed);
        var html = await page.Content.ReadAsStringAsync(Cancellation);
        Assert.All(ProblemTypes.All, type => Assert.Contains($"id=\"{type.Code}\"", html, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/_gateway/problems/no-such-code")]
    [InlineData("/_gateway/problems/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/_gateway/problems/x%0d%0aSet-Cookie:%20a=b")]
    public async Task A_code_that_there_is_not_is_a_problem_itself(string path)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 40", raw, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/problem+json", raw, StringComparison.Ordinal);
        Assert.DoesNotContain("Set-Cookie:", raw[..raw.IndexOf("\r\n\r\n", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/_gateway/problems/no-route")]
    [InlineData("/_gateway/problems")]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    public async Task A_HEAD_is_answered_like_its_GET_without_a_body(string path)
    {
        await using var pair = await Pair.StartAsync();

        var raw = await pair.AskRawAsync($"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", raw, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/nowhere?key=value")]
    [InlineData("/v2/event-types")]
    [InlineData("/calcomx/v2/me")]
    [InlineData("/_gateway")]
    [InlineData("/_sandbox/requests")]
    [InlineData("/status")]
    public async Task What_is_not_below_calcom_is_the_problem_no_route(string path)
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync(path);
        var problem = await answer.ReadProblemAsync();

        Assert.Equal((404, "no-route"), ((int)answer.StatusCode, (string?)problem["code"]));
        Assert.Equal(path.Split('?')[0], (string?)problem["instance"]);
        Assert.Null(problem["upstream"]);
        Assert.Empty(pair.Sandbox.Requests.All);
    }

    private static string? MediaType(HttpResponseMessage answer) => answer.Content.Headers.ContentType?.MediaType;
}
