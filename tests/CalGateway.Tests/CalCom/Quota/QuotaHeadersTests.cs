using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Quota;

/// <summary>An upstream that tells its quota in ways that Cal.com should not: the gateway follows what makes sense, and is stopped by nothing else.</summary>
public sealed class QuotaHeadersTests
{
    private const string Me = "/calcom/v2/me";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Each upstream answers every request with the same headers. What is null there is not limited.</summary>
    [Theory]
    [InlineData("nothing", null, null, null)]
    [InlineData("Remaining-Default: -1|Limit-Default: -120|Reset-Default: -60", null, null, null)]
    [InlineData("Remaining-Default: many|Limit-Default: |Reset-Default: soon", null, null, null)]
    [InlineData("Remaining-Default: 50.5|Limit-Default: 0x78", null, null, null)]
    [InlineData("Remaining-Default: 99999999999999999999999", null, null, null)]
    [InlineData("Limit-Default: 120|Reset-Default: 60", null, null, null)]
    [InlineData("Remaining-booking_guests_add: 0|Limit-booking_guests_add: 5|Reset-booking_guests_add: 60", null, null, null)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120|Reset-Default: 20", 120, 40, 20)]
    [InlineData("Remaining: 40|Limit: 120|Reset: 20", 120, 40, 20)]
    [InlineData("remaining-default: 40|limit-DEFAULT: 120|reset-Default: 20", 120, 40, 20)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120|Reset-Default: epoch", 120, 40, 20)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120|Reset-Default: milliseconds", 120, 40, 60)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120|Reset-Default: 99999999999999999999", 120, 40, 60)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120|Reset-Default: 86400", 120, 40, 60)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120|Reset-Default: never", 120, 40, 60)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120", 120, 40, 60)]
    [InlineData("Remaining-Default: 40|Limit-Default: 0|Reset-Default: 20", 120, 40, 20)]
    [InlineData("Remaining-Default: 40|Limit-Default: 999999999999|Reset-Default: 20", 120, 40, 20)]
    [InlineData("Remaining-Default: 999999999|Limit-Default: 120|Reset-Default: 20", 120, 120, 20)]
    [InlineData("Remaining-Default: 40|Remaining-Default: 30|Limit-Default: 500|Limit-Default: 120|Reset-Default: 20|Reset-Default: 10", 120, 30, 20)]
    [InlineData("Remaining-Default: 40, 30|Limit-Default: 120, 500|Reset-Default: 10, 20", 120, 30, 20)]
    [InlineData("Remaining-Default: 40|Limit-Default: 120|Reset-Default: 20|Remaining-slots: 0|Limit-slots: 3|Reset-slots: 55", 120, 40, 20)]
    public async Task What_can_be_believed_is_followed(string headers, int? limit, int? left, int? resetsIn)
    {
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(Answer(headers)));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, Me)).Status);

        var upstreamStatus = (await gateway.StatusAsync())["upstream"]!;
        Assert.Equal(left, (int?)upstreamStatus["quotaLeft"]);
        if (left is null)
            return;

        Assert.Equal(limit, (int?)upstreamStatus["quota"]!["limit"]);
        var wait = (DateTimeOffset)upstreamStatus["quota"]!["resetsAt"]! - TimeProvider.System.GetUtcNow();
        Assert.InRange(wait.TotalSeconds, resetsIn!.Value - 5, resetsIn.Value + 2);
    }

    [Fact]
    public async Task Where_nothing_is_told_nothing_is_limited()
    {
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(Answer("nothing")));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(async number => (await AskAsync(gateway, $"{Me}?x={number}")).Status));

        Assert.All(answers, status => Assert.Contains(status, new[] { HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable }));
        for (var i = 0; i < 130; i++)
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(gateway, Me)).Status);
    }

    /// <summary>The first answer of all may be the page of an edge that has lost Cal.com. The limit holds all the same.</summary>
    [Fact]
    public async Task An_error_page_without_headers_does_not_end_the_caution()
    {
        var asked = 0;
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = ScriptedUpstream.Start(async exchange =>
        {
            if (Interlocked.Increment(ref asked) == 1)
            {
                await exchange.SendAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 4\r\nRetry-After: 1\r\nConnection: close\r\n\r\nedge");
                return;
            }

            await answering.Task.WaitAsync(exchange.Stopping);
            await exchange.SendAsync(Answer("Remaining-Default: 10|Limit-Default: 120|Reset-Default: 60"));
        });
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, environment: new Dictionary<string, string?> { ["CalGateway__Upstream__MaxConcurrency"] = "0" });
        Assert.Equal(HttpStatusCode.BadGateway, (await AskAsync(gateway, Me)).Status);

        var others = Enumerable.Range(0, 400).Select(_ => AskAsync(gateway, Me)).ToList();
        await Eventually.TrueAsync(() => others.Count(task => task.IsCompleted) + Volatile.Read(ref asked) - 1 == 400, "all have arrived, here or at the upstream");

        Assert.Equal(1 + 108, asked);
        answering.SetResult();
        Assert.Equal(108, (await Task.WhenAll(others)).Count(answer => answer.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task A_limit_that_falls_to_3_is_kept_to_from_the_answer_on_that_tells_it()
    {
        var answers = 0;
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(Answer(Interlocked.Increment(ref answers) switch
        {
            var number and <= 5 => $"Remaining-Default: {120 - number}|Limit-Default: 120|Reset-Default: 60",
            var number => $"Remaining-Default: {Math.Max(0, 8 - number)}|Limit-Default: 3|Reset-Default: 60",
        })));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);

        var told = new List<(HttpStatusCode Status, string? Code, string? RetryAfter)>();
        for (var i = 0; i < 20; i++)
            told.Add(await AskAsync(gateway, Me));

        Assert.Equal(8, answers); // of the three the one that told it is the first
        Assert.Equal(8, told.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.All(told.Skip(8), answer => Assert.Equal((HttpStatusCode.ServiceUnavailable, "quota-exhausted"), (answer.Status, answer.Code)));
        Assert.All(told.Skip(8), answer => Assert.InRange(int.Parse(answer.RetryAfter!, CultureInfo.InvariantCulture), 50, 61));
        Assert.Equal(3, (int?)(await gateway.StatusAsync())["upstream"]!["quota"]!["limit"]);
    }

    private static string Answer(string headers)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var lines = headers == "nothing" ? [] : headers
            .Replace("epoch", (now + 20).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("milliseconds", ((now + 20) * 1000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Split('|');
        return $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{string.Concat(lines.Select(line => $"X-RateLimit-{line}\r\n"))}Content-Length: 2\r\nConnection: close\r\n\r\n{{}}";
    }

    private static async Task<(HttpStatusCode Status, string? Code, string? RetryAfter)> AskAsync(GatewayFixture gateway, string path)
    {
        using var caller = gateway.CreateClient();
        using var answer = await caller.GetAsync(path, Cancellation);
        var problem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json" ? JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation)) : null;
        return (answer.StatusCode, (string?)problem?["code"], answer.Headers.TryGetValues("Retry-After", out var after) ? after.Single() : null);
    }
}
