using System.Net;
using System.Text.RegularExpressions;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Management;

/// <summary>What the management listener hands out as a page, before any browser looks at it.</summary>
public sealed partial class StatusPageFilesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_and_everything_that_it_names_are_served_and_name_nothing_elsewhere()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        var pending = new Queue<string>(["/"]);
        var seen = new HashSet<string>();

        while (pending.TryDequeue(out var path))
        {
            if (!seen.Add(path))
                continue;

            using var answer = await client.GetAsync(path, Cancellation);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, path);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.DoesNotMatch(@"(src|href|url|from|import)\W{1,3}(https?:)?//", text);
            foreach (var name in Links().Matches(text).Concat(Imports().Matches(text)).Select(match => match.Groups[1].Value))
                pending.Enqueue(new Uri(new Uri(client.BaseAddress!, path), name).AbsolutePath);
        }

        Assert.Superset(new HashSet<string> { "/", "/page/page.css", "/page/page.js", "/page/icon.svg", "/page/element.js", "/page/panels/explain.js" }, seen);
    }

    [Fact]
    public async Task Browsers_are_told_to_load_nothing_from_elsewhere_and_to_frame_the_page_nowhere()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        foreach (var path in new[] { "/", "/page/page.js", "/status", "/nowhere" })
        {
            using var answer = await client.GetAsync(path, Cancellation);
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
            Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        }
    }

    [Fact]
    public async Task An_unchanged_page_is_not_sent_again_and_a_HEAD_gets_the_headers_alone()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        using var first = await client.GetAsync("/", Cancellation);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        using var unchanged = await client.SendAsync(again, Cancellation);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);

        foreach (var path in new[] { "/", "/page/page.css", "/status", "/config", "/explain?path=/calcom/v2/me" })
        {
            using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancellation);
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public async Task What_is_not_there_is_said_so_and_a_wrong_method_names_the_right_one()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };

        using var missing = await client.GetAsync("/page/../nowhere?secret=1", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("/status", await missing.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        using var posted = await client.PostAsync("/status", null, Cancellation);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (posted.StatusCode, string.Join(", ", posted.Content.Headers.Allow)));
    }

    [Fact]
    public async Task A_program_that_asks_for_JSON_is_shown_the_way()
    {
        await using var pair = await Pair.StartAsync();
        using var client = new HttpClient { BaseAddress = pair.Gateway.ManagementAddress };
        client.DefaultRequestHeaders.Add("Accept", "application/json");

        Assert.Contains("\"status\": \"/status\"", await client.GetStringAsync("/", Cancellation), StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:href|src)=\"(/[^\"]+)\"")]
    private static partial Regex Links();

    [GeneratedRegex(@"(?:from|import) '(\.{1,2}/[^']+)'")]
    private static partial Regex Imports();
}
