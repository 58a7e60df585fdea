using System.Net;
using CalGateway.Sandbox;
using CalGateway.Tests.Caching;
using CalGateway.Tests.TestInfrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CalGateway.Tests.CalCom;

/// <summary>Whoever is told to come back later is told when.</summary>
public sealed class RetryAfterTests
{
    private const string Uncached = "/calcom/v2/me";

    [Theory]
    [InlineData(429, "", "60")]
    [InlineData(503, "", "5")]
    [InlineData(429, "X-RateLimit-Reset-Default: 42", "42")]
    [InlineData(429, "x-ratelimit-reset: 42", "42")]
    [InlineData(429, "X-RateLimit-Remaining-Default: 80|X-RateLimit-Reset-Default: 42|X-RateLimit-Remaining-lists: 0|X-RateLimit-Reset-lists: 7", "7")]
    [InlineData(429, "X-RateLimit-Remaining-Default: 0|X-RateLimit-Reset-Default: 42|X-RateLimit-Remaining-lists: 0|X-RateLimit-Reset-lists: 7", "42")]
    [InlineData(429, "X-RateLimit-Remaining-Default: 80|X-RateLimit-Reset-Default: 42", "42")]
    [InlineData(503, "X-RateLimit-Remaining-Default: 80|X-RateLimit-Reset-Default: 42", "5")]
    [InlineData(503, "X-RateLimit-Remaining-Default: 0|X-RateLimit-Reset-Default: 42", "42")]
    [InlineData(429, "Retry-After: 17|X-RateLimit-Reset-Default: 42", "17")]
    [InlineData(503, "Retry-After: 3600", "3600")]
    [InlineData(503, "Retry-After: 0", "1")]
    [InlineData(429, "Retry-After: soon|X-RateLimit-Reset-Default: 42", "42")]
    [InlineData(429, "Retry-After: -5", "60")]
    [InlineData(429, "Retry-After: 99999999999999999999999", "86400")]
    [InlineData(503, "Retry-After: 100000000", "86400")]
    [InlineData(503, "Retry-After: Fri, 31 Dec 9999 23:59:59 GMT", "86400")]
    [InlineData(503, "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT", "1")]
    [InlineData(429, "X-RateLimit-Reset-Default: 99999999999999999999999", "60")]
    [InlineData(429, "X-RateLimit-Reset-Default: 999999999", "86400")]
    [InlineData(429, "X-RateLimit-Reset-Default: -1", "60")]
    public async Task A_429_and_a_503_say_when_to_ask_again_on_every_route(int status, string headers, string expected)
    {
        var ofOwnQuota = headers.Contains("lists: 0", StringComparison.Ordinal) && headers.Contains("Default: 80", StringComparison.Ordinal);
        var lines = string.Concat(headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => header + "\r\n"));
        await using var upstream = ScriptedUpstream.Saying($"HTTP/1.1 {status} X\r\n{lines}Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}");
        await using var gateway = await GatewayFixture.StartAsync(upstream.Address, adjust: builder => builder.Services.AddSingleton<TimeProvider>(new FakeTimeProvider()));
        using var caller = gateway.CreateClient();

        // The third for the list is told what is remembered.
        foreach (var path in new[] { CacheScene.List, CacheScene.List, CacheScene.List, CacheScene.List + "/3928133", Uncached })
        {
            using var told = await caller.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((ofOwnQuota ? 429 : 503, expected), ((int)told.StatusCode, told.Headers.NonValidated["Retry-After"].ToString()));
        }
    }

    [Fact]
    public async Task What_is_remembered_says_what_is_left_of_the_time()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.RateLimit(TimeSpan.FromSeconds(30)));
        Assert.Equal("30", (await scene.GetAsync())["Retry-After"]);

        scene.Clock.Advance(TimeSpan.FromSeconds(18));

        Assert.Equal("12", (await scene.GetAsync())["Retry-After"]);
        Assert.Equal(1, scene.Asked);
    }

    [Fact]
    public async Task A_moment_by_the_calendar_is_told_as_the_seconds_until_then()
    {
        await using var scene = await CacheScene.OpenAsync();
        var date = (scene.Clock.GetUtcNow() + TimeSpan.FromSeconds(90)).ToString("R");
        scene.Sandbox.Faults.Add(Fault.Status(503, headers: new Dictionary<string, string> { ["Retry-After"] = date }));

        Assert.InRange(int.Parse((await scene.GetAsync(Uncached))["Retry-After"]!, System.Globalization.CultureInfo.InvariantCulture), 89, 90);
    }

    [Theory]
    [InlineData(429, "", "60")]
    [InlineData(503, "", "5")]
    [InlineData(503, "Retry-After: 99999999999999\r\n", "86400")]
    [InlineData(503, "Retry-After: 9\r\n", "9")]
    public async Task So_do_those_of_another_upstream(int status, string header, string expected)
    {
        await using var other = ScriptedUpstream.Saying($"HTTP/1.1 {status} X\r\n{header}Content-Length: 0\r\nConnection: close\r\n\r\n");
        var settings = GatewayFixture.ShippedSettings
            .Replace("\"Routes\": {", "\"Routes\": { \"other\": { \"ClusterId\": \"other\", \"Match\": { \"Path\": \"/other/{**rest}\" } },", StringComparison.Ordinal)
            .Replace("\"Clusters\": {", $"\"Clusters\": {{ \"other\": {{ \"Destinations\": {{ \"it\": {{ \"Address\": \"{other.Address}\" }} }} }},", StringComparison.Ordinal);
        await using var scene = await CacheScene.OpenAsync(settings);

        var told = await scene.GetAsync("/other/thing");

        Assert.Equal((status, expected), ((int)told.Status, told["Retry-After"]));
    }

    [Fact]
    public async Task After_a_refusal_for_an_hour_Cal_com_is_asked_again_within_a_minute()
    {
        await using var scene = await CacheScene.OpenAsync();
        scene.Sandbox.Faults.Add(Fault.Status(503, headers: new Dictionary<string, string> { ["Retry-After"] = "3600" }));
        Assert.Equal(("3600", 1), ((await scene.GetAsync())["Retry-After"], scene.Asked));

        scene.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await scene.GetAsync()).Status);
        Assert.Equal(1, scene.Asked);

        scene.Sandbox.Faults.Clear();
        scene.Clock.Advance(TimeSpan.FromSeconds(2));
        await Eventually.TrueAsync(async () => (await scene.GetAsync()).Status == HttpStatusCode.OK, "Cal.com is asked again");
    }
}
