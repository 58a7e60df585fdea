using System.IO.Compression;
using System.Net;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Sandbox;

public sealed class EdgeTests
{
    private const string Version = "2024-06-14";

    [Theory]
    [InlineData("/v2/event-types")]
    [InlineData("/v2/nothing")]
    [InlineData("/v1/me")]
    public async Task Every_answer_sets_a_new_cookie_and_the_headers_of_the_edge(string path)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var first = await caller.GetAsync(path, Version);
        var second = await caller.GetAsync(path, Version);

        Assert.StartsWith("__cf_bm=", Assert.Single(first.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
        Assert.NotEqual(first.Headers.GetValues("Set-Cookie"), second.Headers.GetValues("Set-Cookie"));
        Assert.Equal("cloudflare", first.Headers.Server.ToString());
        Assert.Equal("*", Assert.Single(first.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.True(first.Headers.Contains("X-Request-Id") && first.Headers.Contains("CF-RAY") && first.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_tag_that_still_holds_gets_304_without_a_body()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);
        var tag = (await caller.GetAsync("/v2/event-types", Version)).Headers.ETag!;

        var again = await caller.GetAsync("/v2/event-types", Version, "", ("If-None-Match", tag.ToString()));
        await caller.SendAsync("PATCH", "/v2/event-types/3928133", Version, body: """{"title":"Quick one"}""");
        var changed = await caller.GetAsync("/v2/event-types", Version, "", ("If-None-Match", tag.ToString()));

        Assert.True(tag.IsWeak);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
    }

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, br", "br")]
    [InlineData("br;q=0, gzip", "gzip")]
    public async Task Bodies_are_compressed_when_asked(string accepted, string chosen)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.GetAsync("/v2/event-types", Version, "", ("Accept-Encoding", accepted));

        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await using Stream plain = chosen == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Equal(chosen, Assert.Single(answer.Content.Headers.ContentEncoding));
        Assert.Contains("15 Min Meeting", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quota_counts_down_and_then_shuts_out_for_a_minute()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { RateLimit = true, TimeProvider = time }, TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var first = await caller.GetAsync("/v2/me");
        for (var i = 1; i < 120; i++)
            await caller.GetAsync("/v2/me");
        var refused = await caller.GetAsync("/v2/me");
        time.Advance(TimeSpan.FromSeconds(61));
        var later = await caller.GetAsync("/v2/me");

        Assert.Equal("119", Assert.Single(first.Headers.GetValues("X-RateLimit-Remaining-Default")));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("0", Assert.Single(refused.Headers.GetValues("X-RateLimit-Remaining-Default")));
        Assert.Equal("ThrottlerException", (await SandboxClient.ReadAsync(refused))["error"]!["code"]!.ToString());
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Theory]
    [InlineData("{", 400, "BadRequestException")]
    [InlineData("7", 400, "BadRequestException")]
    [InlineData("{\"title\":\"\\ud800\"}", 400, "BadRequestException")]
    public async Task A_body_that_is_no_JSON_is_refused_before_routing(string body, int status, string code)
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.SendAsync("POST", "/v2/nothing", body: body);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, (await SandboxClient.ReadAsync(answer))["error"]!["code"]!.ToString());
    }

    [Fact]
    public async Task A_body_over_the_limit_gets_a_bare_413()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        var answer = await caller.SendAsync("POST", "/v2/event-types", Version, body: $$"""{"title":"{{new string('x', 110_000)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("request entity too large", (await SandboxClient.ReadAsync(answer))["message"]!.ToString());
    }

    [Fact]
    public async Task Api_v1_is_gone()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        Assert.Equal(HttpStatusCode.Gone, (await caller.GetAsync("/v1/event-types?apiKey=cal_test_sandbox")).StatusCode);
    }

    [Fact]
    public async Task Api_v1_works_where_the_options_say_so()
    {
        await using var sandbox = await SandboxHost.StartAsync(new SandboxOptions { V1Works = true }, TestContext.Current.CancellationToken);
        using var caller = new SandboxClient(sandbox);

        Assert.Equal(3, (await caller.GetJsonAsync("/v1/event-types?apiKey=cal_test_sandbox", key: null))["event_types"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.Unauthorized, (await caller.GetAsync("/v1/event-types", key: null)).StatusCode);
    }
}
