using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.Caching;

/// <summary>A cached route passes on what another route does, less what belongs to one request alone.</summary>
public sealed class StoredHeaderTests
{
    private const string List = """{"status":"success","data":[{"id":1}]}""";

    private static readonly string[] EndToEnd =
    [
        "X-Total-Count: 41", "Warning: 199 - \"old\"", "Link: <a>; rel=next", "Content-Language: de", "X-Made-Up: yes", "Deprecation: @1688169599", "Sunset: Wed, 11 Nov 2037 23:59:59 GMT",
        "Last-Modified: Sat, 01 Aug 2026 00:00:00 GMT", "Cache-Control: max-age=5, must-revalidate", "Expires: Sat, 01 Aug 2026 00:00:00 GMT", "Content-Security-Policy: default-src 'none'",
        "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff",
    ];

    private static readonly string[] OfOneRequest =
    [
        "Connection: close, X-Hop", "X-Hop: 1", "Keep-Alive: timeout=5", "Set-Cookie: a=b", "Access-Control-Allow-Origin: *", "X-RateLimit-Remaining-Default: 97", "RateLimit: \"a\";r=1",
        "CF-RAY: ray-FRA", "cf-cache-status: DYNAMIC", "Age: 7", "Date: Sat, 01 Aug 2026 00:00:00 GMT", "X-Request-Id: upstream-1", "X-Correlation-Id: c-1", "X-Amzn-Trace-Id: Root=1", "traceparent: 00-1-1-00",
        "Server-Timing: db;dur=5", "X-Response-Time: 5ms", "X-Runtime: 0.5", "X-Vercel-Id: fra1::a", "X-Amz-Cf-Id: a", "X-Cache: Miss", "Via: 1.1 edge", "Retry-After: 5", "Content-Digest: sha-256=:AAAA:", "X-Served-By: cache-1",
    ];

    [Fact]
    public async Task End_to_end_headers_pass_on_cached_routes_and_others_and_what_belongs_to_one_request_is_on_no_hit()
    {
        await using var upstream = ScriptedUpstream.Saying(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {List.Length}\r\n{string.Concat(EndToEnd.Concat(OfOneRequest).Select(line => line + "\r\n"))}\r\n{List}");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        async Task<Reply> GetAsync(string path)
        {
            using var answer = await caller.GetAsync(path, TestContext.Current.CancellationToken);
            return await Reply.ReadAsync(answer);
        }

        var (uncached, miss, hit) = (await GetAsync("/calcom/v2/me"), await GetAsync(CacheScene.List), await GetAsync(CacheScene.List));
        Assert.StartsWith("CalGateway; hit", hit.CacheStatus, StringComparison.Ordinal);
        foreach (var reply in new[] { uncached, miss, hit })
            Assert.All(EndToEnd.Select(line => line.Split(": ", 2)), header => Assert.Equal((header[0], header[1]), (header[0], reply[header[0]])));

        foreach (var name in OfOneRequest.Select(line => line.Split(':')[0]).Except(["Connection", "Age", "Date", "X-Request-Id"]))
            Assert.True(hit[name] is null, $"{name}: {hit[name]}");
        Assert.NotEqual("7", hit["Age"]);
        Assert.DoesNotContain("2026 00:00:00", hit["Date"] ?? "", StringComparison.Ordinal);
        Assert.NotEqual("upstream-1", hit["X-Request-Id"]);
    }

    [Fact]
    public async Task Of_another_upstream_no_cookie_and_nothing_else_of_one_callers_is_on_a_hit()
    {
        await using var upstream = ScriptedUpstream.Saying(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {List.Length}\r\n{string.Concat(EndToEnd.Concat(OfOneRequest).Select(line => line + "\r\n"))}\r\n{List}");
        var settings = GatewayFixture.ShippedSettings
            .Replace(
                "\"Routes\": {", "\"Routes\": { \"other\": { \"ClusterId\": \"other\", \"Match\": { \"Path\": \"/other/{**rest}\" }, \"Transforms\": [{ \"PathSet\": \"/list\" }], \"OutputCachePolicy\": \"others\" },",
                StringComparison.Ordinal)
            .Replace("\"Clusters\": {", $"\"Clusters\": {{ \"other\": {{ \"Destinations\": {{ \"it\": {{ \"Address\": \"{upstream.Address}\" }} }} }},", StringComparison.Ordinal)
            .Replace("\"Policies\": {", "\"Policies\": { \"others\": { \"Fresh\": \"00:01:00\" },", StringComparison.Ordinal);
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, settings: settings);
        using var caller = gateway.CreateClient();
        async Task<Reply> GetAsync()
        {
            using var answer = await caller.GetAsync("/other", TestContext.Current.CancellationToken);
            return await Reply.ReadAsync(answer);
        }

        var (_, hit) = (await GetAsync(), await GetAsync());

        Assert.StartsWith("CalGateway; hit", hit.CacheStatus, StringComparison.Ordinal);
        Assert.Equal("41", hit["X-Total-Count"]);
        foreach (var name in new[] { "Set-Cookie", "X-Hop", "Keep-Alive", "Access-Control-Allow-Origin", "X-RateLimit-Remaining-Default", "CF-RAY", "X-Correlation-Id", "Retry-After" })
            Assert.True(hit[name] is null, $"{name}: {hit[name]}");
    }

    [Fact]
    public async Task What_Cal_com_says_anew_when_it_confirms_a_list_is_told_from_then_on()
    {
        var asked = 0;
        await using var upstream = ScriptedUpstream.Start(exchange => exchange.SendAsync(Interlocked.Increment(ref asked) == 1
            ? $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nETag: \"a\"\r\nX-Total-Count: 1\r\nX-Kept: yes\r\nContent-Length: {List.Length}\r\nConnection: close\r\n\r\n{List}"
            : "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\nX-Total-Count: 2\r\nConnection: close\r\n\r\n"));
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address);
        using var caller = gateway.CreateClient();
        foreach (var (wish, total) in new[] { ("max-stale", "1"), ("no-cache", "2"), ("max-stale", "2") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, CacheScene.List);
            request.Headers.Add("Cache-Control", wish);
            using var answer = await caller.SendAsync(request, TestContext.Current.CancellationToken);
            var reply = await Reply.ReadAsync(answer);
            Assert.Equal((total, "yes", "application/json"), (reply["X-Total-Count"], reply["X-Kept"], reply["Content-Type"]));
        }
    }
}
