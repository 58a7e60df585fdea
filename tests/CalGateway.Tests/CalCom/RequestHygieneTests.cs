using CalGateway.Tests.Access;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom;

public sealed class RequestHygieneTests
{
    private static readonly string[] OurHeaders = ["accept-encoding", "authorization", "cal-api-version", "host"];

    [Theory]
    [InlineData("Authorization: Bearer the-callers\r\ncal-api-version: 2024-04-15")]
    [InlineData("Authorization: Bearer one\r\nAUTHORIZATION: Basic two\r\nauthorization: three\r\ncal-api-version: a\r\nCAL-API-VERSION: b\r\nCal-Api-Version: 2024-06-14, 2024-08-13")]
    [InlineData("Proxy_Authorization: x\r\ncal_api_version: 2024-04-15\r\nCal_Api-Version: 2024-04-15\r\nauthorization_: x")]
    [InlineData("Connection: authorization, cal-api-version\r\nauthorization: x\r\ncal-api-version: x")]
    [InlineData("Connection: keep-alive, Authorization\r\nConnection: Cal-Api-Version\r\nKeep-Alive: timeout=5\r\nTE: trailers\r\nTrailer: authorization")]
    [InlineData("Authorization:\r\ncal-api-version:")]
    public async Task Exactly_one_credential_and_one_version_reach_Cal_com_and_they_are_ours(string headers)
    {
        await using var pair = await Pair.StartAsync();

        var answer = await pair.AskRawAsync($"GET /calcom/v2/me HTTP/1.1\r\nHost: localhost\r\n{headers}\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal([$"Bearer {pair.Sandbox.ApiKey}"], asked.Header("authorization"));
        Assert.Equal(["2024-08-13"], asked.Header("cal-api-version"));
        Assert.Equal(OurHeaders, asked.Headers.Select(header => header.Key).Order());
    }

    [Theory]
    [InlineData("Cookie", "session=1")]
    [InlineData("Proxy-Authorization", "Basic eDp5")]
    [InlineData("x-cal-client-id", "a-client")]
    [InlineData("x-cal-secret-key", "a-secret")]
    [InlineData("X-Cal-Platform-Embed", "true")]
    [InlineData("Referer", "https://somewhere.example/page?token=1")]
    [InlineData("Forwarded", "for=192.0.2.1;host=internal")]
    [InlineData("Via", "1.1 a-proxy")]
    [InlineData("X-Forwarded-Host", "internal")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("X-Forwarded-Prefix", "/calcom")]
    [InlineData("X-Real-IP", "192.0.2.1")]
    [InlineData("CF-Connecting-IP", "192.0.2.1")]
    [InlineData("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("tracestate", "vendor=1")]
    [InlineData("baggage", "user=somebody")]
    [InlineData("Correlation-Context", "user=somebody")]
    [InlineData("Request-Id", "|abc.1.")]
    [InlineData("X-Request-Id", "abc")]
    [InlineData("X-HTTP-Method-Override", "DELETE")]
    [InlineData("Upgrade-Insecure-Requests", "1")]
    [InlineData("HTTP2-Settings", "AAMAAABkAAQAAP__")]
    [InlineData("X-Anything-Else", "1")]
    public async Task What_tells_of_the_caller_or_of_our_inside_stays_here(string name, string value)
    {
        await using var pair = await Pair.StartAsync(settings: AccessSettings.ApiKey()); // in the mode Loopback, whoever is named by a proxy is refused

        using var answer = await pair.GetAsync("/calcom/v2/me", (name, value), ("X-Api-Key", AccessSettings.Key));

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(OurHeaders, Assert.Single(pair.Sandbox.Requests.All).Headers.Select(header => header.Key).Order());
    }

    [Theory]
    [InlineData("{ \"RequestHeadersCopy\": \"true\" }, ", "")]
    [InlineData("", ", { \"RequestHeadersCopy\": \"true\" }")]
    public async Task The_pin_is_alone_whatever_another_transform_lets_through(string before, string after)
    {
        const string pin = "{ \"CalApiVersion\": \"2024-06-11\" }";
        await using var pair = await Pair.StartAsync(settings: GatewayFixture.ShippedSettings.Replace(pin, before + pin + after, StringComparison.Ordinal));

        using var answer = await pair.GetAsync("/calcom/v2/schedules", ("cal-api-version", "2024-04-15"), ("Cookie", "a=b"));

        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal(["2024-06-11"], asked.Header("cal-api-version"));
        Assert.Equal(OurHeaders, asked.Headers.Select(header => header.Key).Order());
    }

    [Fact]
    public async Task A_route_without_a_pin_is_not_signed_by_us_nor_by_the_caller()
    {
        await using var pair = await Pair.StartAsync(
            settings: GatewayFixture.ShippedSettings.Replace(", { \"CalApiVersion\": \"2024-06-11\" }", "", StringComparison.Ordinal));

        using var answer = await pair.GetAsync("/calcom/v2/schedules", ("Authorization", $"Bearer {pair.Sandbox.ApiKey}"), ("cal-api-version", "2024-06-11"));

        Assert.Equal(["accept-encoding", "host"], Assert.Single(pair.Sandbox.Requests.All).Headers.Select(header => header.Key).Order());
        Assert.False(answer.Headers.Contains("CalGateway-Api-Version"));
    }

    [Fact]
    public async Task What_describes_the_request_itself_travels_on()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.SendAsync(
            "POST", "/calcom/v2/schedules", "{}", ("Accept", "application/json"), ("Accept-Language", "nl"), ("User-Agent", "a-program/1.0"),
            ("Idempotency-Key", "once"), ("If-Match", "\"tag\""));

        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal(["application/json"], asked.Header("accept"));
        Assert.Equal(["nl"], asked.Header("accept-language"));
        Assert.Equal(["a-program/1.0"], asked.Header("user-agent"));
        Assert.Equal(["once"], asked.Header("idempotency-key"));
        Assert.Equal(["\"tag\""], asked.Header("if-match"));
        Assert.Equal(["application/json; charset=utf-8"], asked.Header("content-type"));
    }

    [Fact]
    public async Task Cal_com_is_asked_by_its_own_name_and_for_a_plain_body()
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.GetAsync("/calcom/v2/me", ("Host", "callers.localhost"), ("Accept-Encoding", "gzip, br"));

        var asked = Assert.Single(pair.Sandbox.Requests.All);
        Assert.Equal([pair.Sandbox.BaseAddress.Authority], asked.Header("host"));
        Assert.Equal(["identity"], asked.Header("accept-encoding"));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    [InlineData("PROPFIND")]
    public async Task Every_method_but_three_is_forwarded_as_it_is(string method)
    {
        await using var pair = await Pair.StartAsync();

        using var answer = await pair.SendAsync(method, "/calcom/v2/me", json: null);

        Assert.Equal(method, Assert.Single(pair.Sandbox.Requests.All).Method);
    }

    [Theory]
    [InlineData("TRACE /calcom/v2/me")]
    [InlineData("trace /calcom/v2/me")]
    [InlineData("TRACE /nowhere")]
    [InlineData("CONNECT api.cal.com:443")]
    public async Task TRACE_and_CONNECT_are_refused_since_an_echo_would_reveal_the_key(string requestLine)
    {
        await using var pair = await Pair.StartAsync();

        var answer = await pair.AskRawAsync($"{requestLine} HTTP/1.1\r\nHost: api.cal.com:443\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\": \"invalid-request\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(pair.Sandbox.ApiKey, answer, StringComparison.Ordinal);
        Assert.Empty(pair.Sandbox.Requests.All);
    }

    [Fact]
    public async Task The_query_arrives_as_it_was_written()
    {
        await using var pair = await Pair.StartAsync();

        await pair.AskRawAsync("GET /calcom/v2/slots?b=%20x&a=1&a=2&c=%2F%3f%26&d=a+b&e&=f&g=%C3%A9 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.Equal("/v2/slots?b=%20x&a=1&a=2&c=%2F%3f%26&d=a+b&e&=f&g=%C3%A9", Assert.Single(pair.Sandbox.Requests.All).Target);
    }
}
